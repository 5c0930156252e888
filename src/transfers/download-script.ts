import { allowedUrl, refused, shown, transfer, TransferError, type TransferOptions } from './transfer.js'

/** The most bytes of a script, which is held in memory. No limit of Azure is known. */
export const MAX_SCRIPT = 4 * 2 ** 20

/** The limit of Go's client, with which Azure's handler loads scripts. */
const MAX_REDIRECTS = 10

const REDIRECTIONS = [301, 302, 303, 307, 308]

/**
 * Loads a script from a URI of an allowed host. Follows redirects only to allowed hosts. Rejects with a
 * `TransferError`, or with the signal's reason when that aborts.
 */
export async function downloadScript (uri: string, options: TransferOptions): Promise<string> {
  let url = allowedUrl(uri, options)
  for (let count = 0; count <= MAX_REDIRECTS; count++) {
    // Other encodings would hide the length of the script.
    const found = await transfer(url, { headers: { 'accept-encoding': 'identity' } }, options, async response => {
      const location = response.headers.get('location')
      if (location !== null && REDIRECTIONS.includes(response.status)) return allowedUrl(location, options, url)
      if (response.status !== 200) throw refused(url, response, 200)
      return await textOf(response, url)
    })
    if (typeof found === 'string') return found
    url = found
  }
  throw new TransferError('TooManyRedirects', `${shown(url)}: stopped after ${MAX_REDIRECTS} redirects`)
}

async function textOf (response: Response, url: URL): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = Number(response.headers.get('content-length') ?? 0)
  if (length <= MAX_SCRIPT) {
    length = 0
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk)
      length += chunk.length
      if (length > MAX_SCRIPT) break
    }
  }
  if (length > MAX_SCRIPT) {
    throw new TransferError('TooLarge', `${shown(url)}: a script may have at most ${MAX_SCRIPT} bytes here`, response.status)
  }
  return Buffer.concat(chunks).toString()
}
