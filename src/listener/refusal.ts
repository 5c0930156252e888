import { ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { closeGently, isClosing } from './close-gently.js'

/** Returns the JSON body of a refusal with this status. */
export type ErrorBody = (status: number, reason: string) => string

/** Why a request is refused. */
export interface Refusal {
  readonly status: number
  /** The reason, without a full stop at its end. */
  readonly reason: string
  /** The text in the status line. Default: HTTP's own for the status. */
  readonly phrase?: string
}

/** Sends an error response to a refused request, or to bytes that are not a request, and closes the connection. */
export function refuse (to: ServerResponse | Duplex, refusal: Refusal, errorBody: ErrorBody): void {
  const { status, reason, phrase = STATUS_CODES[status]! } = refusal
  const body = errorBody(status, reason)
  const headers = {
    Connection: 'close',
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': `${Buffer.byteLength(body)}`
  }
  const shown = phrase.replaceAll(/[^\x20-\x7e]/g, '?')
  if (to instanceof ServerResponse) { to.writeHead(status, shown, headers).end(body); return }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('')
  if (isClosing(to)) return
  to.write(`HTTP/1.1 ${status} ${shown}\r\n${lines}\r\n${body}`)
  closeGently(to)
}
