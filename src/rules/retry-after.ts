import { headerOf } from '../journal/message.js'
import type { Call } from './call.js'

/**
 * Milliseconds that a client may be early: timers on Windows have a resolution of 16 ms, Node's fire up to 1 ms early,
 * and the times of entries are whole milliseconds.
 */
export const TOLERANCE = 20

/** A wait that a response requests. */
export interface Wait {
  /** In milliseconds after the response. */
  readonly ms: number
  /** The header, such as `Retry-After: 1`. */
  readonly header: string
}

const IN_MILLISECONDS = ['retry-after-ms', 'x-ms-retry-after-ms']

/** The shortest wait of a response's headers, because clients prefer different ones. */
export function waitOf (call: Call): Wait | undefined {
  const waits: Wait[] = []
  for (const name of IN_MILLISECONDS) {
    const value = headerOf(call.entry.response, name)
    if (value !== undefined && /^\d+$/.test(value)) waits.push({ ms: Number(value), header: `${name}: ${value}` })
  }
  const value = headerOf(call.entry.response, 'retry-after')
  const ms = value === undefined ? undefined : retryAfterMs(value, call.answeredAt)
  if (ms !== undefined) waits.push({ ms, header: `Retry-After: ${value}` })
  return waits.sort((one, other) => one.ms - other.ms)[0]
}

/** Parses seconds or an HTTP date; undefined for anything else. */
function retryAfterMs (value: string, now: number): number | undefined {
  if (/^\d+$/.test(value)) return Number(value) * 1000
  const date = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(value) ? Date.parse(value) : NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

/** Whether the header of this wait is part of HTTP: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 */
export function isStandard ({ header }: Wait): boolean {
  return header.startsWith('Retry-After: ')
}

/** Whether the next call came too early for this wait. */
export function isTooEarly (next: Call, previous: Call, { ms }: Wait): boolean {
  return next.sentAt - previous.answeredAt < ms - TOLERANCE
}

/** The time between two calls, such as `612 ms`. */
export function gap (previous: Call, next: Call): string {
  return `${next.sentAt - previous.answeredAt} ms`
}
