/** A response except for the headers of the connection, as a value that hooks can read. */
export interface HttpResponse {
  readonly status: number
  /** The headers as text in HTTP's format, in order and in Azure's spelling. Each ends with a line break. */
  readonly headers: string
  readonly body?: string | Buffer
  /** Whether to send the body as one chunk. Otherwise the headers have its length. Default: false. */
  readonly chunked?: boolean
  /** Whether to close the connection afterwards. Default: false. */
  readonly close?: boolean | undefined
}

/** Formats headers as HTTP does. `entries` are names and values in turn, without line breaks. */
export function headerText (entries: readonly string[]): string {
  let text = ''
  for (let index = 0; index < entries.length; index += 2) text += `${entries[index]}: ${entries[index + 1]}\r\n`
  return text
}

/** Parses headers in HTTP's format into names and values in turn. */
export function headerEntries (text: string): string[] {
  return text.split('\r\n').slice(0, -1).flatMap(line => {
    const colon = line.indexOf(': ')
    return [line.slice(0, colon), line.slice(colon + 2)]
  })
}

/** Removes the headers with one of these names, which are in lower case. */
export function withoutHeaders (text: string, names: ReadonlySet<string>): string {
  return text.split('\r\n').filter(line => !names.has(line.slice(0, line.indexOf(':')).toLowerCase())).join('\r\n')
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The sent response, if a surface created it as a value. */
    response?: HttpResponse
  }
}
