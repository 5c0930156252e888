import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

/**
 * The path of azrun's home page if a person opens azrun's address in a browser. Programs get what Azure sends for `/`:
 * unlike every browser, they do not accept XHTML.
 */
export function homePathFor ({ url, method, headers }: IncomingMessage): string | undefined {
  if (url !== '/' || method !== 'GET' || !headers.accept?.includes('application/xhtml+xml')) return undefined
  return isOpened(headers) ? '/_emulator/' : undefined
}

/**
 * Whether a browser may be opening a page, rather than another page fetching or framing it. Browsers say this only at
 * a trustworthy address (https or loopback), and programs never do.
 */
export function isOpened (headers: IncomingHttpHeaders): boolean {
  const { 'sec-fetch-site': site, 'sec-fetch-dest': destination } = headers
  return site === undefined || site === 'same-origin' || destination === undefined || destination === 'document'
}
