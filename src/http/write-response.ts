import { ServerResponse, STATUS_CODES } from 'node:http'
import { headerEntries, type HttpResponse } from './response.js'

/** Node's internal state of a response. Node's public API does not accept a head as text. */
interface Outgoing {
  _header: string | null
  /** In milliseconds; 0 if the server announces no timeout. */
  readonly _keepAliveTimeout: number
  /** 0 for no limit. */
  readonly _maxRequestsPerSocket: number
}

const CLOSE = 'Connection: close\r\n'

/**
 * The whole text of a response, one character for each byte; undefined if Node must write it. Node checks and writes
 * the head line by line, and passes head, chunk and end to the socket separately. That makes a poll 20 % slower, so
 * azrun gives Node this text as the head of a response without a body. It does so only for ordinary responses on a
 * connection that stays open, and only if Node's internals are as expected. The bytes are the same either way
 * (test/http/write-response.test.ts).
 */
export function textOf (raw: ServerResponse, response: HttpResponse): string | undefined {
  const outgoing = raw as ServerResponse & Outgoing
  if (response.close || !isOrdinary(outgoing)) return undefined
  return written(response, keepAliveOf(outgoing))
}

/** The text of any response. Its head says whether the connection stays open. */
export function wholeTextOf (raw: ServerResponse, response: HttpResponse): string {
  return textOf(raw, response) ?? written(raw.req.method === 'HEAD' ? { ...response, body: '' } : response, CLOSE)
}

/** Writes a response. `text` is its whole text, if Node need not write it. */
export function writeResponse (raw: ServerResponse, response: HttpResponse, text = textOf(raw, response)): void {
  if (text === undefined) { writeByNode(raw, response); return }
  raw.statusCode = response.status
  ;(raw as ServerResponse & Outgoing)._header = text
  raw.end()
}

/**
 * Writes by Node's public API, which sends a body without a length in chunks if the client's HTTP version has them. It
 * gets no body for a HEAD, since `app.inject` would show it.
 */
function writeByNode (raw: ServerResponse, { status, headers, body, chunked, close }: HttpResponse): void {
  const entries = headerEntries(chunked && raw.useChunkedEncodingByDefault ? inChunks(headers) : headers)
  if (close) entries.push('Connection', 'close')
  raw.sendDate = false
  raw.writeHead(status, entries).end(raw.req.method === 'HEAD' ? undefined : body)
}

/** False for other response classes: that of `app.inject` must see the headers. */
function isOrdinary (raw: ServerResponse & Outgoing): boolean {
  return raw.writeHead === ServerResponse.prototype.writeHead && raw.req.method !== 'HEAD' &&
    raw.useChunkedEncodingByDefault && raw.shouldKeepAlive && !raw.hasHeader('Connection') &&
    raw._header === null && raw._keepAliveTimeout > 0 && raw._maxRequestsPerSocket === 0
}

function keepAliveOf ({ _keepAliveTimeout: timeout }: Outgoing): string {
  return `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(timeout / 1000)}\r\n`
}

function written ({ status, headers, body = '', chunked = false }: HttpResponse, connection: string): string {
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'unknown'}\r\n${chunked ? inChunks(headers) : headers}${connection}\r\n`
  const bytes = bytesOf(body)
  return chunked ? `${head}${bytes.length.toString(16)}\r\n${bytes}\r\n0\r\n\r\n` : `${head}${bytes}`
}

/** Headers with a Transfer-Encoding before the Content-Type, as Azure has it (recorded: azure-cli #15878). */
function inChunks (headers: string): string {
  return headers.replace(/^Content-Type: |$(?![^])/m, 'Transfer-Encoding: chunked\r\n$&')
}

/** The body as a string with one latin1 character for each byte, like the head. */
export function bytesOf (body: string | Buffer): string {
  if (typeof body !== 'string') return body.toString('latin1')
  return Buffer.byteLength(body) === body.length ? body : Buffer.from(body).toString('latin1')
}
