/** A Location as in the published sample, which has no question mark before its query. */
const SAMPLE = /^([^?]*\/operations\/[^/?&]+)&([^?]*)\??(.*)$/i

/** Reduces leading slashes to one, and adds the question mark that the published sample lacks. */
export function repairUrl (url: string): string {
  const path = url.startsWith('//') ? url.replace(/^\/+/, '/') : url
  if (!path.includes('&')) return path
  const ampersand = path.indexOf('&')
  const question = path.indexOf('?')
  if (question >= 0 && question < ampersand) return path
  return path.replace(SAMPLE, (_, before: string, query: string, rest: string) => `${before}?${completed(query, rest)}`)
}

/** A query, with what it lacks of another: @azure/arm-compute sees no api-version in the sample, and adds its own. */
function completed (query: string, other: string): string {
  const sent = query.split('&')
  const names = sent.map(nameOf)
  return [...sent, ...other.split('&').filter(pair => pair !== '' && !names.includes(nameOf(pair)))].join('&')
}

function nameOf (pair: string): string {
  return pair.split('=', 1)[0]!
}
