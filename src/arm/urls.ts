/** The published sample writes the Location of an operation without a question mark; what follows is a query. */
const SAMPLE = /^([^?]*\/operations\/[^/?&]+)&([^?]*)\??(.*)$/i

/** The URL as it is meant: one leading slash where there are more, and a query where the sample has none. */
export function repairUrl (url: string): string {
  const path = url.startsWith('//') ? url.replace(/^\/+/, '/') : url
  if (!path.includes('&')) return path
  const ampersand = path.indexOf('&')
  const question = path.indexOf('?')
  if (question >= 0 && question < ampersand) return path
  return path.replace(SAMPLE, (_, before: string, query: string, rest: string) =>
    `${before}?${query}${rest === '' ? '' : `&${rest}`}`)
}
