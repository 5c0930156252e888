/** A preference, which may have commas and semicolons in quotes. */
const PREFERENCE = /(?:[^",]|"(?:[^"\\]|\\.)*"?)+/g

/** The name of a preference and its value, before any parameters. */
const PAIR = /^([^=;]*)(?:=\s*("(?:[^"\\]|\\.)*"|[^;]*))?/

/** The preferences of a Prefer header (RFC 7240), by name in lower case. The first counts if one is repeated. */
export function preferencesIn (prefer: string | string[]): ReadonlyMap<string, string> {
  const preferences = new Map<string, string>()
  for (const [preference] of `${prefer}`.matchAll(PREFERENCE)) {
    const [name, value] = pairOf(preference)
    if (!preferences.has(name)) preferences.set(name, value)
  }
  return preferences
}

/** A preference with a value, in quotes unless that is a token (RFC 9110). */
export function preferenceText (name: string, value: string): string {
  const isToken = /^[\w!#$%&'*+.^`|~-]+$/.test(value)
  return `${name}=${isToken ? value : `"${value.replaceAll(/["\\]/g, '\\$&')}"`}`
}

/** The name of a preference in lower case, and its value without quotes. Parameters are ignored. */
function pairOf (preference: string): [name: string, value: string] {
  const [, name, value = ''] = PAIR.exec(preference) as unknown as [string, string, string?]
  const isQuoted = /^".*"$/.test(value)
  return [name.trim().toLowerCase(), isQuoted ? value.slice(1, -1).replaceAll(/\\(.)/g, '$1') : value.trim()]
}
