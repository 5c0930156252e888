/** A response as it goes out, except for the headers of the connection: a value that hooks can read. */
export interface HttpResponse {
  readonly status: number
  /** In their order, spelt as Azure does, as HTTP writes them: each with a line break after it. */
  readonly headers: string
  readonly body?: string | Buffer
  /** Whether the body goes out as one chunk; else the headers have its length. Default: false. */
  readonly chunked?: boolean
  /** Whether the connection is closed after it. Default: false. */
  readonly close?: boolean | undefined
}

/** Headers as HTTP writes them. `entries` are names and values in turn; they must be free of line breaks. */
export function headerText (entries: readonly string[]): string {
  let text = ''
  for (let index = 0; index < entries.length; index += 2) text += `${entries[index]}: ${entries[index + 1]}\r\n`
  return text
}

/** The names and values in turn of headers as HTTP writes them. */
export function headerEntries (text: string): string[] {
  return text.split('\r\n').slice(0, -1).flatMap(line => {
    const colon = line.indexOf(': ')
    return [line.slice(0, colon), line.slice(colon + 2)]
  })
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set when the response is sent, where a surface of azrun makes it as a value. */
    response?: HttpResponse
  }
}
