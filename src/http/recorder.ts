import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { OWN_USER_AGENT } from '../core/own-user-agent.js'
import type { JournalEntry } from '../journal/entry.js'
import type { Journal } from '../journal/journal.js'
import { isSecretHeader, REDACTED, redactedTokens, redactedUrl, redactedValue } from '../journal/redaction.js'
import type { ScriptRun } from '../operations/script-run.js'
import type { SocketEffect } from '../scenarios/scenario.js'
import type { Clock } from '../time/clock.js'
import { originOf } from './origin.js'
import { isOwn } from './own-pages.js'
import { headerText, type HttpResponse } from './response.js'
import { bytesOf } from './write-response.js'

declare module 'fastify' {
  interface FastifyInstance {
    recorder: Recorder
  }
  interface FastifyRequest {
    /** When the request came, in milliseconds since 1970 by azrun's clock; 0 without a journal. */
    receivedAt: number
    /** The body as text without secrets, if it was read. */
    bodyText?: string
    /** What the service accepts in this request although its contract forbids it, such as `member name`. */
    leniencies?: ReadonlySet<string>
    /** The operation that the request started. */
    run?: ScriptRun
    /** The operation that the request polls, if its path does not tell. */
    polledOperation?: string
  }
}

/** Socket effects that leave the client without a response. */
const WITHOUT_RESPONSE: readonly unknown[] = ['reset', 'close', 'stall']

export interface RecorderOptions {
  readonly clock: Clock
  readonly journal: Journal
  /** Whether to trace all responses. Otherwise a request asks for it with `x-azrun-trace: 1`. */
  readonly traceHeaders: boolean
  /** Returns the number of findings about a request. */
  countFindings (request: Pick<JournalEntry, 'operation' | 'method' | 'url' | 'request'>): number
}

/** Adds the recorder, and notes when each request comes. */
export function addRecorder (app: FastifyInstance, options: RecorderOptions): void {
  const { clock, journal } = options
  app.decorateRequest('receivedAt', 0)
  app.decorateRequest('bodyText', undefined)
  app.decorateRequest('leniencies', undefined)
  app.decorateRequest('run', undefined)
  app.decorateRequest('polledOperation', undefined)
  app.decorate('recorder', new Recorder(options))
  if (!journal.isOn) return
  app.addHook('onRequest', (request, _reply, done) => {
    request.receivedAt = clock.now().getTime()
    done()
  })
}

/** Records a response that a handler has sent by Fastify. `write` writes its headers. Returns the response. */
export function recordSent (request: FastifyRequest, reply: FastifyReply, payload: string | undefined,
  write = headersOf): HttpResponse {
  const { recorder } = request.server
  const trace = recorder.traceOf(request) ?? []
  for (let index = 0; index < trace.length; index += 2) reply.header(trace[index]!, trace[index + 1])
  const response = { status: reply.statusCode, headers: write(reply), body: payload }
  request.response = response
  recorder.record(request, { ...response, body: payload && redactedTokens(payload) })
  return response
}

function headersOf (reply: FastifyReply): string {
  return headerText(Object.entries(reply.getHeaders()).flatMap(([name, value]) => [name, `${value}`]))
}

/** Puts requests and their responses in the journal, before a byte of the response goes out. */
export class Recorder {
  readonly #clock: Clock
  readonly #journal: Journal
  readonly #traceHeaders: boolean
  readonly #countFindings: RecorderOptions['countFindings']

  constructor ({ clock, journal, traceHeaders, countFindings }: RecorderOptions) {
    this.#countFindings = countFindings
    this.#clock = clock
    this.#journal = journal
    this.#traceHeaders = traceHeaders
  }

  /** Adds the trace headers to a response if they are wanted. */
  traced (request: FastifyRequest, response: HttpResponse): HttpResponse {
    const headers = this.traceOf(request)
    return headers === undefined ? response : { ...response, headers: response.headers + headerText(headers) }
  }

  /** The trace headers, names and values in turn: journal number and findings. Undefined if they are not wanted. */
  traceOf (request: FastifyRequest): string[] | undefined {
    if (!this.#traceHeaders && request.headers['x-azrun-trace'] !== '1') return undefined
    const findings = ['x-azrun-findings', `${this.#findingsIn(request)}`]
    return this.#journal.isOn ? ['x-azrun-sequence', `${this.#journal.next}`, ...findings] : findings
  }

  #findingsIn ({ operation, method, originalUrl, headers, bodyText }: FastifyRequest): number {
    const known = Object.entries(headers).flatMap(([name, value]) => value === undefined ? [] : [[name, value]])
    const request = { headers: Object.fromEntries(known), ...bodyText !== undefined && { body: bodyText } }
    return this.#countFindings({ operation: operation?.operationId, method, url: originalUrl, request })
  }

  /**
   * Records a request and its response, unless azrun sent it. `text` is the written response, if known, with one
   * character for each byte.
   */
  record (request: FastifyRequest, response: HttpResponse, text?: string): void {
    if (!this.#journal.isOn) return
    const { originalUrl, leniencies, effects, receivedAt, bodyText } = request
    const operation = request.operation?.operationId
    if (operation === undefined && isOwn(originalUrl)) return
    if (request.headers['user-agent'] === OWN_USER_AGENT) return
    const now = this.#clock.now().getTime()
    const isSent = effects?.socket === undefined || !WITHOUT_RESPONSE.includes(effects.socket)
    this.#journal.record({
      // A malformed URL is refused before the hook that sets `receivedAt`.
      time: receivedAt || now,
      durationMs: receivedAt === 0 ? 0 : now - receivedAt,
      operation,
      hasBody: bodyText !== undefined,
      deserialized: leniencies && redactedValue(request.body),
      leniencies,
      scenarios: effects?.scenarios,
      run: request.run,
      polled: request.polledOperation,
      status: isSent ? response.status : undefined,
      isCut: isCut(effects?.socket, response)
    }, {
      url: urlOf(originalUrl, operation),
      head: headOf(request),
      body: bodyText === undefined ? '' : bytesOf(bodyText),
      response: isSent ? text ?? textOf(response) : ''
    })
  }
}

/** Whether the client gets only the beginning of the response. */
function isCut (effect: SocketEffect | undefined, { body = '', chunked = false }: HttpResponse): boolean {
  if (typeof effect !== 'object' || !('truncate' in effect)) return false
  return chunked || effect.truncate < Buffer.byteLength(body)
}

/** Queries of Azure's API have no secrets, but those of other paths and of misdirected requests may. */
function urlOf (url: string, operation: string | undefined): string {
  return operation !== undefined && url.startsWith('/subscriptions/') ? url : redactedUrl(url)
}

function headOf (request: FastifyRequest): string {
  const lines = ['', request.method, originOf(request), ...request.raw.rawHeaders]
  for (let index = 3; index < lines.length; index += 2) {
    if (isSecretHeader(lines[index]!)) lines[index + 1] = REDACTED
  }
  return lines.join('\n')
}

function textOf ({ status, headers, body = '' }: HttpResponse): string {
  return `HTTP/1.1 ${status}\r\n${headers}\r\n${bytesOf(body)}`
}
