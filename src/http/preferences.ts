/** The preferences of a Prefer header (RFC 7240), by name in lower case. The first counts if one is repeated. */
export function preferencesIn (prefer: string | string[]): ReadonlyMap<string, string> {
  const preferences = new Map<string, string>()
  for (const preference of `${prefer}`.split(',')) {
    const [name, value] = pairOf(preference)
    if (!preferences.has(name)) preferences.set(name, value)
  }
  return preferences
}

/** The name of a preference in lower case, and its value without quotes. Parameters are ignored. */
function pairOf (preference: string): [name: string, value: string] {
  const [pair] = preference.split(';', 1) as [string]
  const equals = pair.indexOf('=')
  if (equals === -1) return [pair.trim().toLowerCase(), '']
  const value = pair.slice(equals + 1).trim()
  const isQuoted = value.length > 1 && value.startsWith('"') && value.endsWith('"')
  return [pair.slice(0, equals).trim().toLowerCase(), isQuoted ? value.slice(1, -1) : value]
}
