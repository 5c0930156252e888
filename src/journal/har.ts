import { STATUS_CODES } from 'node:http'
import type { JournalEntry, Message } from './entry.js'
import { headerOf } from './message.js'

export interface HarOptions {
  /** azrun's version. */
  readonly version: string
  /** Returns the number of entries that the journal has dropped. */
  evicted (): number
}

/**
 * Converts the steps of a `Listing` to an HTTP archive 1.2, which browsers' developer tools and proxies can open. The
 * archive is for `jsonStream`.
 */
export function harOf (steps: Iterable<JournalEntry | undefined>, { version, evicted }: HarOptions): object {
  const comment = () => evicted() > 0
    ? `The journal has dropped its ${evicted()} oldest entries: keep more with --journal ENTRIES.`
    : undefined
  return { log: { version: '1.2', creator: { name: 'azrun', version }, entries: harEntries(steps), comment } }
}

function * harEntries (steps: Iterable<JournalEntry | undefined>): IterableIterator<object | undefined> {
  for (const entry of steps) yield entry && harEntry(entry)
}

function harEntry (entry: JournalEntry): object {
  const { time, durationMs, method, url, status = 0, request, response, sequence, operation } = entry
  const requestType = headerOf(request, 'content-type') ?? ''
  const { body } = request
  return {
    startedDateTime: time,
    time: durationMs,
    request: {
      method,
      url,
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: headersOf(request),
      queryString: [...new URLSearchParams(url.split('?')[1] ?? '')].map(([name, value]) => ({ name, value })),
      ...body !== undefined && { postData: { mimeType: requestType, text: body } },
      headersSize: -1,
      bodySize: sizeOf(body)
    },
    response: {
      status,
      // In an archive, status 0 means that there was no response.
      statusText: STATUS_CODES[status] ?? '',
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: headersOf(response),
      content: {
        size: sizeOf(response.body),
        mimeType: headerOf(response, 'content-type') ?? 'x-unknown',
        text: response.body
      },
      redirectURL: '',
      headersSize: -1,
      bodySize: -1
    },
    cache: {},
    timings: { send: 0, wait: durationMs, receive: 0 },
    comment: `#${sequence}${operation === undefined ? '' : ` ${operation}`}`
  }
}

function headersOf ({ headers }: Message): object[] {
  return Object.entries(headers).flatMap(([name, values]) => [values].flat().map(value => ({ name, value })))
}

function sizeOf (body = ''): number {
  return Buffer.byteLength(body)
}
