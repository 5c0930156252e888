import { request as send, type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { pipeline } from 'node:stream'
import { authorityOf, type Destination } from '../core/destinations.js'
import { connected, dial, InvalidResponse, type ListeningAddress } from './dial.js'
import { withoutHopByHop } from './hop-by-hop.js'

/** Milliseconds for an allowed host to respond once it has the request, and between parts of its response. */
export const RESPONSE_TIMEOUT = 10_000

export interface ForwardOptions {
  readonly destination: Destination
  readonly path: string
  /** azrun's own address, to which it forwards nothing. */
  readonly own: ListeningAddress
}

/**
 * Forwards a request and returns the response to the client. Rejects before it returns anything if the destination
 * cannot be reached, or with `InvalidResponse`.
 */
export async function forward (request: IncomingMessage, response: ServerResponse,
  { destination, path, own }: ForwardOptions): Promise<void> {
  const socket = dial(destination, response)
  await connected(socket, own)
  const { method } = request
  const headers = { ...headersOf(request), host: authorityOf(destination).replace(/:80$/, '') }
  const forwarded = send({ method, path, headers, createConnection: () => socket })
  request.pipe(forwarded)
  // A host may respond before it has read the body. The client must still be able to send the rest.
  forwarded.once('close', () => request.resume())
  const received = await responseTo(forwarded, request)
  check(received)
  response.writeHead(received.statusCode!, received.statusMessage!, withoutHopByHop(received.headers))
  pipeline(received, response, () => {})
}

/**
 * The headers to forward, with the framing of the body. Node adds none for GET, HEAD, DELETE and OPTIONS, and the host
 * would take the unframed body for another request.
 */
function headersOf ({ headers }: IncomingMessage): IncomingMessage['headers'] {
  // Node itself has told the client to continue.
  const { expect, ...forwarded } = withoutHopByHop(headers)
  const encoding = headers['transfer-encoding']
  return encoding === undefined ? forwarded : { ...forwarded, 'transfer-encoding': encoding }
}

/** Throws an `InvalidResponse` for a response that Node's client accepts, but its server cannot send correctly. */
function check ({ statusCode, statusMessage, headers }: IncomingMessage): void {
  if (statusCode! < 200) throw new InvalidResponse(`its status is ${statusCode}`)
  if (/[^\t\x20-\x7e\x80-\xff]/.test(statusMessage!)) throw new InvalidResponse('its status line has control characters')
  // Node decodes only chunks.
  const encoding = headers['transfer-encoding'] ?? 'chunked'
  if (encoding.toLowerCase() !== 'chunked') throw new InvalidResponse(`its Transfer-Encoding is ${encoding}`)
}

function responseTo (forwarded: ClientRequest, request: IncomingMessage): Promise<IncomingMessage> {
  const tooLate = () => forwarded.destroy(new Error(`no response within ${RESPONSE_TIMEOUT / 1000} s`))
  let timer: NodeJS.Timeout | undefined
  const limit = () => { timer = setTimeout(tooLate, RESPONSE_TIMEOUT) }
  // Interim responses extend this timeout, but not the timer.
  forwarded.setTimeout(RESPONSE_TIMEOUT, tooLate)
  if (request.readableEnded) limit()
  else request.once('end', limit)
  return new Promise<IncomingMessage>((resolve, reject) => {
    const fail = ({ message }: Error) => reject(new InvalidResponse(message))
    forwarded.once('response', resolve)
    forwarded.once('upgrade', (_response, socket) => {
      fail(new Error('its status is 101, which the request did not ask for'))
      socket.destroy()
    })
    forwarded.on('error', fail)
    forwarded.once('close', () => fail(new Error('the connection was closed')))
  }).finally(() => {
    clearTimeout(timer)
    request.off('end', limit)
  })
}
