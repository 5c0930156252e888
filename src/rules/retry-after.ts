import { headerOf, type Call } from './call.js'

/**
 * Milliseconds that a client may be early: Windows' timers are 16 ms apart, Node's fire up to 1 ms early, and the times
 * of entries are whole milliseconds.
 */
export const TOLERANCE = 20

/** A wait that a response asks for. */
export interface Wait {
  /** In milliseconds, from the response. */
  readonly ms: number
  /** The header, such as `Retry-After: 1`. */
  readonly header: string
}

const IN_MILLISECONDS = ['retry-after-ms', 'x-ms-retry-after-ms']

/** The shortest of the waits that the headers name, since clients differ in which of them they prefer. */
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

/** Seconds or an HTTP date; undefined for what is neither. */
function retryAfterMs (value: string, now: number): number | undefined {
  if (/^\d+$/.test(value)) return Number(value) * 1000
  const date = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(value) ? Date.parse(value) : NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

/** Whether HTTP has the header of this wait: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 */
export function isStandard ({ header }: Wait): boolean {
  return header.startsWith('Retry-After: ')
}

/** Whether a call that was sent next came too early for this wait. */
export function isTooEarly (next: Call, previous: Call, { ms }: Wait): boolean {
  return next.sentAt - previous.answeredAt < ms - TOLERANCE
}

/** A time between two calls, such as `612 ms`. */
export function gap (previous: Call, next: Call): string {
  return `${next.sentAt - previous.answeredAt} ms`
}
