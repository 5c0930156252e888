/** A Location as in the published sample, which has no question mark before its query. */
const SAMPLE = /^([^?]*\/operations\/[^/?&]+)&([^?]*)\??(.*)$/i

/** Reduces leading slashes to one, and adds the question mark that the published sample lacks. */
export function repairUrl (url: string): string {
  const path = url.startsWith('//') ? url.replace(/^\/+/, '/') : url
  if (!path.includes('&')) return path
  const ampersand = path.indexOf('&')
  const question = path.indexOf('?')
  if (question >= 0 && question < ampersand) return path
  return path.replace(SAMPLE, (_, before: string, query: string, rest: string) =>
    `${before}?${query}${rest === '' ? '' : `&${rest}`}`)
}
