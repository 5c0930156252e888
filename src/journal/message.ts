import { gunzipSync } from 'node:zlib'
import type { Message } from './entry.js'

type Headers = Record<string, string | string[]>

/** The parsed head of a request: see `Texts`. */
export interface Head {
  readonly method: string
  readonly url: string
  /** Names and values in turn. */
  readonly headers: readonly string[]
}

/** Parses a head in the form of `Texts`. */
export function parseHead (head: string): Head {
  const [path, method, origin, ...headers] = head.split('\n') as [string, string, string, ...string[]]
  return { method, url: `${origin}${path}`, headers }
}

/** The URL without its scheme and host. */
export function targetOf (url: string): string {
  return url.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '')
}

/** The URL's path. */
export function pathOf (url: string): string {
  const [, path = '/'] = /^[a-z]+:\/\/[^/?#]*([^?#]*)/i.exec(url) ?? []
  return path
}

/** The headers by name, from names and values in turn. A header that occurs more than once has a list. */
export function headersOf (entries: readonly string[]): Message['headers'] {
  const headers: Headers = Object.create(null)
  for (let index = 0; index < entries.length; index += 2) {
    const [name, value] = [entries[index]!, entries[index + 1]!]
    const others = headers[name]
    if (others === undefined) headers[name] = value
    else if (typeof others === 'string') headers[name] = [others, value]
    else others.push(value)
  }
  return headers
}

/** Parses a response, and decodes its chunks and compression. */
export function parseResponse (bytes: string): Message {
  const end = bytes.indexOf('\r\n\r\n')
  const [, ...lines] = bytes.slice(0, end).split('\r\n')
  const headers = headersOf(lines.flatMap(line => {
    const colon = line.indexOf(': ')
    return [line.slice(0, colon), line.slice(colon + 2)]
  }))
  const body = bodyOf(bytes.slice(end + 4), headers)
  return { headers, ...body !== '' && { body } }
}

function bodyOf (bytes: string, headers: Message['headers']): string {
  const isChunked = headerOf({ headers }, 'transfer-encoding') === 'chunked'
  const content = Buffer.from(isChunked ? unchunked(bytes) : bytes, 'latin1')
  if (headerOf({ headers }, 'content-encoding') !== 'gzip') return content.toString()
  try {
    return gunzipSync(content).toString()
  } catch {
    // A scenario can declare an uncompressed response as compressed.
    return content.toString()
  }
}

function unchunked (bytes: string): string {
  let text = ''
  let from = 0
  while (from < bytes.length) {
    const line = bytes.indexOf('\r\n', from)
    const length = parseInt(bytes.slice(from, line), 16)
    if (line < 0 || !(length > 0)) break
    text += bytes.slice(line + 2, line + 2 + length)
    from = line + 2 + length + 2
  }
  return text
}

/** The value of a header, ignoring the case of its name; the first of several. */
export function headerOf ({ headers }: Pick<Message, 'headers'>, name: string): string | undefined {
  const key = name.toLowerCase()
  const found = Object.entries(headers).find(([known]) => known.toLowerCase() === key)?.[1]
  return typeof found === 'string' ? found : found?.[0]
}
