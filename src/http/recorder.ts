import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Clock } from '../core/clock.js'
import type { Journal } from '../journal/journal.js'
import type { StartedRun } from '../journal/kept-request.js'
import { isSecretHeader, REDACTED, redactedUrl } from '../journal/redaction.js'
import { originOf } from './origin.js'
import type { HttpResponse } from './response.js'
import { bytesOf } from './write-response.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** Absent where no journal is kept. */
    recorder?: Recorder
  }
  interface FastifyRequest {
    /** When it came, in milliseconds since 1970 by azrun's clock. */
    receivedAt: number
    /** The body as text without secrets, if it was read. */
    bodyText?: string
    /** The run command that it started. */
    run?: StartedRun
  }
}

/** Effects on the connection with which the client gets no response. */
const WITHOUT_RESPONSE: readonly unknown[] = ['reset', 'close', 'stall']

export interface RecorderOptions {
  readonly clock: Clock
  readonly journal: Journal
}

/** Notes when requests come, so that what responds to them can record them. */
export function addRecorder (app: FastifyInstance, options: RecorderOptions): void {
  const { clock, journal } = options
  app.decorateRequest('receivedAt', 0)
  app.decorateRequest('bodyText', undefined)
  app.decorateRequest('run', undefined)
  if (!journal.isOn) return
  app.decorate('recorder', new Recorder(options))
  app.addHook('onRequest', (request, _reply, done) => {
    request.receivedAt = clock.now().getTime()
    done()
  })
}

/** Puts requests and their responses in the journal, before a byte of the response goes out. */
export class Recorder {
  readonly #clock: Clock
  readonly #journal: Journal

  constructor ({ clock, journal }: RecorderOptions) {
    this.#clock = clock
    this.#journal = journal
  }

  /** `text` is the response as it is written, one character for each byte, where that is known. */
  record (request: FastifyRequest, response: HttpResponse, text?: string): void {
    const { originalUrl, leniencies, effects, receivedAt, routeOptions: { config: { operationId } } } = request
    if (operationId === undefined && /^\/+_emulator(?:[/?]|$)/i.test(originalUrl)) return
    const now = this.#clock.now().getTime()
    const isSent = effects?.socket === undefined || !WITHOUT_RESPONSE.includes(effects.socket)
    this.#journal.record({
      // A URL that could not be read is refused before anything else.
      time: receivedAt || now,
      durationMs: receivedAt === 0 ? 0 : now - receivedAt,
      operation: operationId,
      head: headOf(request, originalUrl),
      body: request.bodyText,
      deserialized: leniencies && request.body,
      leniencies,
      scenarios: effects?.scenarios,
      run: request.run,
      status: isSent ? response.status : undefined,
      response: isSent ? text ?? textOf(response) : ''
    })
  }
}

/** Method, URL and headers. Paths of Azure's API have no secrets in their queries, but what has gone astray may. */
function headOf (request: FastifyRequest, url: string): string {
  const { method, raw: { rawHeaders } } = request
  const isOfAzure = !request.is404 && url.startsWith('/subscriptions/')
  const lines = new Array<string>(rawHeaders.length + 1)
  lines[0] = `${method} ${originOf(request)}${isOfAzure ? url : redactedUrl(url)}`
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!
    lines[index + 1] = name
    lines[index + 2] = isSecretHeader(name) ? REDACTED : rawHeaders[index + 1]!
  }
  return lines.join('\n')
}

function textOf ({ status, headers, body = '' }: HttpResponse): string {
  return `HTTP/1.1 ${status}\r\n${headers.map(({ text }) => text).join('')}\r\n${bytesOf(body)}`
}
