import { ServerResponse, STATUS_CODES } from 'node:http'

export interface WholeAnswer {
  readonly status: number
  /** Header lines, each with its end: all but those of the connection. They are sent as they are, unchecked. */
  readonly head: string
  readonly content: string | Buffer
  /** Whether the content goes as a chunk; else the head has its length. */
  readonly chunked?: boolean
}

/** What node keeps of an answer until it goes out. It has no public way to take a head that is written already. */
interface Outgoing {
  _header: string
  /** Milliseconds; 0 if the server says nothing of it. */
  readonly _keepAliveTimeout: number
  /** 0 for any number. */
  readonly _maxRequestsPerSocket: number
}

/**
 * Sends an answer that is there as a whole. Node would check and write its head line by line and hand head, lengths,
 * content and end to the socket one after the other, which makes a poll a fifth dearer. So the text is written here,
 * and node is given all of it as the head of an answer without content. What is not an ordinary answer on a connection
 * that stays open is left to node, whose bytes are the same (test/whole-answer.test.ts).
 */
export function sendWhole (response: ServerResponse, answer: WholeAnswer): void {
  const { status, head, content } = answer
  const outgoing = response as ServerResponse & Outgoing
  if (!isOrdinary(outgoing)) { response.writeHead(status, headersOf(head)).end(content); return }
  response.statusCode = status
  outgoing._header = textOf(answer, Math.floor(outgoing._keepAliveTimeout / 1000))
  response.end()
}

/** A response that is not node's own, such as that of `app.inject`, has to be told of its head. */
function isOrdinary (response: ServerResponse & Outgoing): boolean {
  return response.writeHead === ServerResponse.prototype.writeHead && response.req.method !== 'HEAD' &&
    response.useChunkedEncodingByDefault && response.shouldKeepAlive && !response.hasHeader('Connection') &&
    response._keepAliveTimeout > 0 && !(response._maxRequestsPerSocket > 0)
}

function textOf ({ status, head, content, chunked = false }: WholeAnswer, keepAlive: number): string {
  const bytes = bytesOf(content)
  const begin = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head}Connection: keep-alive\r\nKeep-Alive: timeout=${keepAlive}\r\n`
  return chunked
    ? `${begin}Transfer-Encoding: chunked\r\n\r\n${bytes.length.toString(16)}\r\n${bytes}\r\n0\r\n\r\n`
    : `${begin}\r\n${bytes}`
}

/** A character for each byte: so node writes a head. */
function bytesOf (content: string | Buffer): string {
  if (typeof content !== 'string') return content.toString('latin1')
  return Buffer.byteLength(content) === content.length ? content : Buffer.from(content).toString('latin1')
}

/** Names and values in turn. */
function headersOf (head: string): string[] {
  return head.split('\r\n').slice(0, -1).flatMap(line => {
    const colon = line.indexOf(': ')
    return [line.slice(0, colon), line.slice(colon + 2)]
  })
}
