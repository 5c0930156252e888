import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

/**
 * The path of azrun's page if somebody opens azrun's address in a browser. Programs get Azure's response to `/`. Every
 * browser accepts XHTML, but no program does.
 */
export function homePathFor ({ url, method, headers }: IncomingMessage): string | undefined {
  if (url !== '/' || method !== 'GET' || !headers.accept?.includes('application/xhtml+xml')) return undefined
  return isOpened(headers) ? '/_emulator/' : undefined
}

/**
 * Whether a browser may be opening a page itself, and not another page that fetches or frames it. Browsers send these
 * headers only to trustworthy addresses (https or loopback); programs do not send them.
 */
export function isOpened (headers: IncomingHttpHeaders): boolean {
  const { 'sec-fetch-site': site, 'sec-fetch-dest': destination } = headers
  return site === undefined || site === 'same-origin' || destination === undefined || destination === 'document'
}
