import { ServerResponse, STATUS_CODES } from 'node:http'
import { headerEntries, type HttpResponse } from './response.js'

/** Node's internal state of a response. Node has no public way to accept a head that is already text. */
interface Outgoing {
  _header: string | null
  /** Milliseconds; 0 if the server does not announce a timeout. */
  readonly _keepAliveTimeout: number
  /** 0 for no limit. */
  readonly _maxRequestsPerSocket: number
}

const CLOSE = 'Connection: close\r\n'

/**
 * The text of a response, one character for each byte, if it can go out in one piece. Node would check and write the
 * head line by line and pass head, chunk and end to the socket separately, which makes a poll 20 % slower. So the text
 * is written here and given to node as the head of a response without a body. Anything but an ordinary response on a
 * connection that stays open is left to node's public way, and so is every response if node's internals are not as
 * expected. The bytes are the same in both ways (test/http/write-response.test.ts).
 */
export function textOf (raw: ServerResponse, response: HttpResponse): string | undefined {
  const outgoing = raw as ServerResponse & Outgoing
  if (response.close || !isOrdinary(outgoing)) return undefined
  return written(response, keepAliveOf(outgoing))
}

/** The text of any response. It says whether the connection stays open after it. */
export function wholeTextOf (raw: ServerResponse, response: HttpResponse): string {
  return textOf(raw, response) ?? written(raw.req.method === 'HEAD' ? { ...response, body: '' } : response, CLOSE)
}

/** Writes a response; `text` is its text, if it has one. */
export function writeResponse (raw: ServerResponse, response: HttpResponse, text = textOf(raw, response)): void {
  if (text === undefined) { writeByNode(raw, response); return }
  raw.statusCode = response.status
  ;(raw as ServerResponse & Outgoing)._header = text
  raw.end()
}

/**
 * Node's public way: it sends a body without a length in chunks where the client's version of HTTP has them. It gets no
 * body for a HEAD, since `app.inject` would show it.
 */
function writeByNode (raw: ServerResponse, { status, headers, body, close }: HttpResponse): void {
  const entries = headerEntries(headers)
  if (close) entries.push('Connection', 'close')
  raw.sendDate = false
  raw.writeHead(status, entries).end(raw.req.method === 'HEAD' ? undefined : body)
}

/** Not so for a response class of others, such as that of `app.inject`, which must see its headers. */
function isOrdinary (raw: ServerResponse & Outgoing): boolean {
  return raw.writeHead === ServerResponse.prototype.writeHead && raw.req.method !== 'HEAD' &&
    raw.useChunkedEncodingByDefault && raw.shouldKeepAlive && !raw.hasHeader('Connection') &&
    raw._header === null && raw._keepAliveTimeout > 0 && raw._maxRequestsPerSocket === 0
}

function keepAliveOf ({ _keepAliveTimeout: timeout }: Outgoing): string {
  return `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(timeout / 1000)}\r\n`
}

function written ({ status, headers, body = '', chunked = false }: HttpResponse, connection: string): string {
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'unknown'}\r\n${headers}${connection}`
  const bytes = bytesOf(body)
  return chunked
    ? `${head}Transfer-Encoding: chunked\r\n\r\n${bytes.length.toString(16)}\r\n${bytes}\r\n0\r\n\r\n`
    : `${head}\r\n${bytes}`
}

/** One latin1 character for each byte, as node writes headers. */
export function bytesOf (body: string | Buffer): string {
  if (typeof body !== 'string') return body.toString('latin1')
  return Buffer.byteLength(body) === body.length ? body : Buffer.from(body).toString('latin1')
}
