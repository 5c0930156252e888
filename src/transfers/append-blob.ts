import { allowedUrl, refused, transfer, type TransferOptions } from './transfer.js'

/** The version of Azure Storage's REST API: the last one in which an appended block has at most 4 MiB. */
const VERSION = '2021-12-02'

const MAX_BLOCK = 4 * 2 ** 20

/** An append blob in a storage account or its emulator, at a URI with a shared access signature. */
export class AppendBlob {
  readonly #url: URL
  readonly #options: TransferOptions

  private constructor (url: URL, options: TransferOptions) {
    this.#url = url
    this.#options = options
  }

  /**
   * Creates the blob empty, and replaces an existing one. Like `append`, rejects with a `TransferError`, or with the
   * signal's reason when that aborts.
   */
  static async create (uri: string, options: TransferOptions): Promise<AppendBlob> {
    const url = allowedUrl(uri, options)
    await put(url, { 'x-ms-blob-type': 'AppendBlob' }, undefined, options)
    return new AppendBlob(url, options)
  }

  /** Appends the bytes, in blocks of at most 4 MiB. */
  async append (bytes: Uint8Array): Promise<void> {
    const url = new URL(this.#url)
    // `searchParams` would re-encode the signature.
    url.search = url.search === '' ? 'comp=appendblock' : `${url.search}&comp=appendblock`
    for (let start = 0; start < bytes.length; start += MAX_BLOCK) {
      await put(url, {}, bytes.subarray(start, start + MAX_BLOCK), this.#options)
    }
  }
}

async function put (url: URL, headers: Readonly<Record<string, string>>, body: Uint8Array | undefined,
  options: TransferOptions): Promise<void> {
  const request = { method: 'PUT', headers: { 'x-ms-version': VERSION, ...headers }, body }
  await transfer(url, request, options, async response => {
    if (response.status !== 201) throw refused(url, response, 201)
  })
}
