import { maxHeaderSize, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { closeGently, isClosing } from './close-gently.js'
import { progressOf, type Progress } from './connection.js'
import type { Pipelines } from './pipelines.js'
import { refuse, type ErrorBody } from './refusal.js'

export interface MalformedOptions {
  readonly errorBody: ErrorBody
  /** Called for each refused request. `request` is what has been read of it; undefined if the bytes are no request. */
  onMalformed (status: number, reason: string, request?: Pick<IncomingMessage, 'method' | 'url'>): void
}

/** What is wrong, where Node's own message does not say it. */
const REASONS: Readonly<Record<string, string>> = {
  HPE_PAUSED_H2_UPGRADE: 'it is HTTP/2, and azrun speaks only HTTP/1.1: do not make the client begin with HTTP/2',
  HPE_HEADER_OVERFLOW: `its first line and headers have more than ${maxHeaderSize} bytes: send fewer or shorter ones`,
  HPE_INVALID_EOF_STATE: 'the connection ended before the request did',
  ERR_HTTP_REQUEST_TIMEOUT: 'it arrives too slowly, and azrun no longer waits for the rest'
}

/** Responds to bytes that are not a request, or to a request that arrives too slowly, and closes the connection. */
export function refuseMalformed (error: NodeJS.ErrnoException, socket: Duplex,
  pipelines: Pipelines, { errorBody, onMalformed }: MalformedOptions): void {
  if (isClosing(socket)) return
  const { code, message } = error
  if (!socket.writable || code === 'ECONNRESET') { socket.destroy(); return }
  const progress = progressOf(socket)
  if (hasResponse(progress)) { closeGently(socket); return }
  const { request } = progress
  const status = code === 'HPE_HEADER_OVERFLOW' ? 431 : code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
  const reason = REASONS[code!] ?? message.replace(/^Parse Error: /, '')
  pipelines.afterResponses(socket, () => {
    // Browsers open connections without sending anything.
    if (!isClosing(socket) && (status !== 408 || request !== undefined)) onMalformed(status, reason, request)
    refuse(socket, { status, reason }, errorBody)
  })
}

/** Whether the request whose body is wrong already has its response. */
function hasResponse ({ request, response }: Progress): boolean {
  if (request === undefined || request.complete) return false
  return response === undefined || (response.req === request && response.headersSent)
}
