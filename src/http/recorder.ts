import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { OWN_USER_AGENT } from '../core/own-user-agent.js'
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
  const { recorder, traceHeaders } = request.server
  const trace = traceHeaders.of(request) ?? []
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

  constructor ({ clock, journal }: RecorderOptions) {
    this.#clock = clock
    this.#journal = journal
  }

  /**
   * Records a request and its response, or that there is none because the client has left. Leaves out azrun's own
   * requests. `text` is the written response, if known, with one character for each byte.
   */
  record (request: FastifyRequest, response: HttpResponse | undefined, text?: string): void {
    if (!this.#journal.isOn) return
    const { originalUrl, leniencies, effects, bodyText } = request
    const operation = request.operation?.operationId
    if (operation === undefined && isOwn(originalUrl)) return
    if (request.headers['user-agent'] === OWN_USER_AGENT) return
    const now = this.#clock.now().getTime()
    // Fastify refuses a malformed URL with a request that has no `receivedAt`, before the hook that sets it.
    const time = request.receivedAt || now
    const sent = isSent(request) ? response : undefined
    this.#journal.record({
      time,
      durationMs: now - time,
      operation,
      hasBody: bodyText !== undefined,
      deserialized: leniencies && redactedValue(request.body),
      leniencies,
      scenarios: effects?.scenarios,
      run: request.run,
      polled: request.polledOperation,
      status: sent?.status,
      isCut: sent !== undefined && isCut(effects?.socket, sent)
    }, {
      url: urlOf(originalUrl, operation),
      head: headOf(request),
      body: bodyText === undefined ? '' : bytesOf(bodyText),
      response: sent === undefined ? '' : text ?? textOf(sent)
    })
  }
}

/** False if the client has left, for example within its body, or if a scenario leaves it without a response. */
function isSent ({ effects, raw: { socket } }: FastifyRequest): boolean {
  return !socket.destroyed && (effects?.socket === undefined || !WITHOUT_RESPONSE.includes(effects.socket))
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
