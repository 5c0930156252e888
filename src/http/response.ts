/** A response as it goes out, except for the headers of the connection: a value that hooks can read. */
export interface HttpResponse {
  readonly status: number
  readonly headers: readonly HeaderList[]
  readonly body?: string | Buffer
  /** Whether the body goes out as one chunk; else the headers have its length. Default: false. */
  readonly chunked?: boolean
  /** Whether the connection is closed after it. Default: false. */
  readonly close?: boolean | undefined
}

/** Headers in order, spelt as Azure does. Those that many responses share are one list, whose text is made once. */
export class HeaderList {
  readonly entries: readonly string[]
  /** As HTTP writes them. */
  readonly text: string

  /** Names and values in turn; they must be free of line breaks. */
  constructor (entries: readonly string[]) {
    let text = ''
    for (let index = 0; index < entries.length; index += 2) text = `${text}${entries[index]}: ${entries[index + 1]}\r\n`
    this.entries = entries
    this.text = text
  }
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set when the response is sent, where a surface of azrun makes it as a value. */
    response?: HttpResponse
  }
}
