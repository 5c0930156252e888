import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { closeGently, isClosing } from './close-gently.js'
import type { Pipelines } from './pipelines.js'
import { refuse, type ErrorBody, type Refusal } from './refusal.js'

export interface MalformedOptions {
  readonly errorBody: ErrorBody
  /** Called for each refused request. `request` is what has been read of it; undefined if the bytes are no request. */
  onMalformed (status: number, reason: string, request?: Pick<IncomingMessage, 'method' | 'url'>): void
}

/** Node's internal state of a connection. Without it, a refusal could follow the response to the same request. */
interface Connection extends Duplex {
  readonly _httpMessage?: ServerResponse | null
  readonly parser?: { readonly incoming?: IncomingMessage | null } | null
}

/** Responds to bytes that are not a request, or to a request that arrives too slowly, and closes the connection. */
export function refuseMalformed (error: NodeJS.ErrnoException, socket: Duplex,
  pipelines: Pipelines, { errorBody, onMalformed }: MalformedOptions): void {
  if (isClosing(socket)) return
  const { code, message } = error
  if (!socket.writable || code === 'ECONNRESET') { socket.destroy(); return }
  if (hasResponse(socket)) { closeGently(socket); return }
  const status = code === 'HPE_HEADER_OVERFLOW' ? 431 : code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
  const reason = code === 'HPE_PAUSED_H2_UPGRADE'
    ? 'it is HTTP/2, and azrun speaks only HTTP/1.1: do not make the client begin with HTTP/2'
    : message.replace(/^Parse Error: /, '')
  const request = (socket as Connection).parser?.incoming ?? undefined
  pipelines.afterResponses(socket, () => {
    // Browsers open connections without sending anything.
    if (!isClosing(socket) && (status !== 408 || request !== undefined)) onMalformed(status, reason, request)
    refuse(socket, { status, reason }, errorBody)
  })
}

/** Whether the request whose body is wrong already has its response. */
function hasResponse (socket: Connection): boolean {
  const { parser, _httpMessage: response } = socket
  const incoming = parser?.incoming ?? undefined
  if (incoming === undefined || incoming.complete) return false
  return response ? response.req === incoming && response.headersSent : true
}

/** The refusal of a request that a proxy and the server behind it may read differently; undefined if it is right. */
export function faultOf (request: IncomingMessage): Refusal | undefined {
  const reason = hostFault(request)
  return reason === undefined ? codingFault(request.headers['transfer-encoding']) : { status: 400, reason }
}

/** The statuses are those of RFC 9112, 6.1 and 6.3. Node decodes `chunked` and passes on any other coding. */
function codingFault (encoding: string | undefined): Refusal | undefined {
  if (encoding === undefined || encoding === 'chunked') return undefined
  const codings = encoding.toLowerCase().split(',').map(coding => coding.trim()).filter(coding => coding !== '')
  if (codings.at(-1) !== 'chunked') {
    return { status: 400, reason: `its Transfer-Encoding is '${encoding}', which does not end with 'chunked'` }
  }
  if (codings.length === 1) return undefined
  return { status: 501, reason: `its Transfer-Encoding is '${encoding}', and azrun decodes only 'chunked'` }
}

/** What is wrong with a request's Host header. */
function hostFault ({ rawHeaders, httpVersion }: IncomingMessage): string | undefined {
  let hosts = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!
    if (name.length === 4 && name.toLowerCase() === 'host') hosts++
  }
  if (hosts > 1) return 'it has several Host headers'
  return hosts === 0 && httpVersion === '1.1' ? 'it has no Host header' : undefined
}
