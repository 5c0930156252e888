import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { JournalEntry } from '../journal/entry.js'
import type { Journal } from '../journal/journal.js'
import { headerText, type HttpResponse } from './response.js'

declare module 'fastify' {
  interface FastifyInstance {
    traceHeaders: TraceHeaders
  }
}

export interface TraceOptions {
  readonly journal: Pick<Journal, 'isOn' | 'next'>
  /** Whether to trace all responses. Otherwise a request asks for it with `x-azrun-trace: 1`. */
  readonly traceHeaders: boolean
  /** Returns the number of findings about a request. */
  countFindings (request: Pick<JournalEntry, 'operation' | 'method' | 'url' | 'request'>): number
}

/** Adds the trace headers, for those who send responses. */
export function addTraceHeaders (app: FastifyInstance, options: TraceOptions): void {
  app.decorate('traceHeaders', new TraceHeaders(options))
}

/** Headers that tell a client the number of its request in the journal, and how many findings there are about it. */
export class TraceHeaders {
  readonly #options: TraceOptions

  constructor (options: TraceOptions) {
    this.#options = options
  }

  /** The headers, names and values in turn; undefined if they are not wanted. */
  of (request: FastifyRequest): string[] | undefined {
    const { traceHeaders, journal } = this.#options
    if (!traceHeaders && request.headers['x-azrun-trace'] !== '1') return undefined
    const findings = ['x-azrun-findings', `${this.#findingsIn(request)}`]
    return journal.isOn ? ['x-azrun-sequence', `${journal.next}`, ...findings] : findings
  }

  /** The response, with the headers if they are wanted. */
  addedTo (response: HttpResponse, request: FastifyRequest): HttpResponse {
    const headers = this.of(request)
    return headers === undefined ? response : { ...response, headers: response.headers + headerText(headers) }
  }

  #findingsIn ({ operation, method, originalUrl, headers, bodyText }: FastifyRequest): number {
    const known = Object.entries(headers).flatMap(([name, value]) => value === undefined ? [] : [[name, value]])
    const request = { headers: Object.fromEntries(known), ...bodyText !== undefined && { body: bodyText } }
    return this.#options.countFindings({ operation: operation?.operationId, method, url: originalUrl, request })
  }
}
