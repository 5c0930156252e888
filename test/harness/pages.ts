import type { Emulator } from '../../src/index.js'

/** The headers that a browser sends when a person types an address. */
export const NAVIGATION = {
  accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8',
  'sec-fetch-site': 'none',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document'
}

/** The markup of one of azrun's pages, as sent to a browser. */
export async function pageOf ({ app }: Emulator, url = '/', headers: Record<string, string> = {}): Promise<string> {
  const response = await app.inject({ url, headers: { ...NAVIGATION, ...headers } })
  if (response.statusCode !== 200) throw new Error(`${url} responds with ${response.statusCode}: ${response.body}`)
  return response.body
}

/** The text of each cell in the rows of a table. */
export function rowsOf (markup: string, table: string): string[][] {
  const [, body = ''] = markup.split(`<table class="${table}">`)[1]?.split('</table>')[0]?.split('<tbody>') ?? []
  return body.split('</tr>').slice(0, -1).map(row => row.split('</td>').slice(0, -1).map(textOf))
}

/** The text of markup, as a reader sees it. */
export function textOf (markup: string): string {
  return markup.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim()
    .replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')
}

/** The token that the page of documentation sends with its requests. */
export async function tokenOf (emulator: Emulator): Promise<string> {
  return /<meta name="azrun-page" content="([^"]+)">/.exec(await pageOf(emulator, '/_emulator/docs'))![1]!
}
