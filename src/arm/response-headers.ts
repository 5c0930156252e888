import type { FastifyRequest } from 'fastify'
import type { Clock } from '../core/clock.js'
import { headerText } from '../http/response.js'
import type { MediaType } from './accept.js'
import { preferenceApplied } from './preference-applied.js'
import type { RateLimit } from './rate-limits.js'
import type { ResponseForm } from './response-form.js'

/** Who responds: Azure Resource Manager, the compute service behind it, or azrun where Azure has no such case. */
export type Layer = 'gateway' | 'service' | 'azrun'

/** What a handler responds, without the headers that every response of Azure has. */
export interface ArmResponse {
  readonly status: number
  readonly layer: Layer
  readonly body?: string
  /** Headers of this response alone, as names and values in turn. */
  readonly headers?: readonly string[]
  readonly rateLimit?: RateLimit
  /** What scale sets say that the request cost: `x-ms-request-charge`. */
  readonly charge?: number | undefined
  /** Default: an id of its own. */
  readonly requestId?: string | undefined
  /** Default: that of the request, else an id of its own. */
  readonly correlationId?: string | undefined
  /** Whether the connection is closed after this response. Default: false. */
  readonly close?: boolean
}

/** The headers of a body: with Vary in the older form, and only for a client that names encodings. */
const WITH_BODY = {
  'application/json': withBody('application/json'),
  'text/json': withBody('text/json')
} as const
/** Of what was not there to be deleted (recorded: net_managed_vm_windows_2021-11-01, exchange 0). */
const GONE = headerText(['Cache-Control', 'no-cache', 'Pragma', 'no-cache', 'Expires', '-1'])
const WITHOUT_BODY = headerText(['Cache-Control', 'no-cache', 'Pragma', 'no-cache', 'Content-Length', '0', 'Expires', '-1'])
const STRICT_TRANSPORT = 'Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n'

const REMAINING = 'x-ms-ratelimit-remaining-subscription'

/** What remains of the subscription's quota (recorded: both captures; reads of today: a public log of May 2025). */
const QUOTAS: Readonly<Record<ResponseForm, Readonly<Record<'reads' | 'writes' | 'deletes', string>>>> = {
  older: {
    reads: headerText([`${REMAINING}-reads`, '11999']),
    writes: headerText([`${REMAINING}-writes`, '1199']),
    deletes: headerText([`${REMAINING}-deletes`, '14999'])
  },
  current: {
    reads: headerText([`${REMAINING}-reads`, '249', `${REMAINING}-global-reads`, '3749']),
    writes: headerText([`${REMAINING}-writes`, '199', `${REMAINING}-global-writes`, '2999']),
    deletes: headerText([`${REMAINING}-deletes`, '199', `${REMAINING}-global-deletes`, '2999'])
  }
}

/** Which quota a request counts in; any other method writes. */
const QUOTA_OF: Readonly<Record<string, 'reads' | 'deletes'>> = { GET: 'reads', HEAD: 'reads', DELETE: 'deletes' }

/** The region of the front end that a request passed through. */
const REGION = 'WESTUS'
const FRONT_DOOR = 'X-Cache: CONFIG_NOCACHE\r\nX-MSEdge-Ref: Ref A: '

export interface ResponseHeadersOptions {
  readonly clock: Clock
  /** Of azrun, for the Server header. */
  readonly version: string
  newId (): string
}

/**
 * The headers that every response of Azure has, in its order (recorded: net_managed_vm_windows_2021-11-01; its 204 is
 * the gateway's own). Those of today and of errors are at the places that they have by that (inferred).
 */
export class ResponseHeaders {
  readonly #clock: Clock
  readonly #newId: () => string
  readonly #server: string
  readonly #references: References
  #second = NaN
  #date = ''
  #stamp = ''
  #moment = ''

  constructor ({ clock, newId, version }: ResponseHeadersOptions) {
    this.#clock = clock
    this.#newId = newId
    this.#server = headerText(['Server', `azrun/${version}`])
    this.#references = new References(newId())
  }

  /** All headers but those of the body's framing. What the service sends comes before what the gateway adds. */
  write (request: FastifyRequest, response: ArmResponse, mediaType: MediaType = 'application/json'): string {
    const { layer, body, status, headers, rateLimit, charge, requestId } = response
    const form = formOf(request)
    const isOfService = layer === 'service'
    const isGone = status === 204 && request.method === 'DELETE'
    let text: string = isGone ? GONE : body === undefined ? WITHOUT_BODY : WITH_BODY[mediaType][varies(request) ? 'varying' : 'fixed']
    if (headers !== undefined) text += headerText(headers.map(sanitize))
    if (rateLimit !== undefined) text += rateLimit[form]
    if (charge !== undefined) text += `x-ms-request-charge: ${charge}\r\n`
    const correlationId = response.correlationId ?? this.correlationIdOf(request)
    if (isOfService) {
      text += `${STRICT_TRANSPORT}x-ms-request-id: ${requestId ?? this.#newId()}\r\n`
      if (form === 'older') text += this.#server
    }
    text += status >= 400 ? `x-ms-failure-cause: ${layer}\r\n` : QUOTAS[form][QUOTA_OF[request.method] ?? 'writes']
    text += this.#ofGateway(request, correlationId, isOfService ? undefined : requestId ?? correlationId)
    if (request.preferredScenario === undefined || headers?.includes('Preference-Applied')) return text
    const applied = preferenceApplied(request, headers)
    return applied === undefined ? text : `${text}Preference-Applied: ${sanitize(applied)}\r\n`
  }

  /** The id that a client has given for what belongs together, else a new one. */
  correlationIdOf ({ headers }: FastifyRequest): string {
    return sanitize(single(headers['x-ms-correlation-request-id']) ?? '') || this.#newId()
  }

  /** With an id for the request if the response is the gateway's own. */
  #ofGateway (request: FastifyRequest, correlationId: string, requestId: string | undefined): string {
    this.#tick()
    const { headers: sent } = request
    const clientRequestId = single(sent['x-ms-client-request-id'])
    const isReturned = clientRequestId !== undefined && sent['x-ms-return-client-request-id'] === 'true'
    const own = requestId === undefined ? '' : `x-ms-request-id: ${requestId}\r\n`
    const returned = isReturned ? `x-ms-client-request-id: ${sanitize(clientRequestId)}\r\n` : ''
    const secure = requestId === undefined ? '' : STRICT_TRANSPORT
    const today = formOf(request) === 'current' ? `${FRONT_DOOR}${this.#references.next()}${this.#moment}` : ''
    return `${own}x-ms-correlation-request-id: ${correlationId}${this.#stamp}${correlationId}\r\n` +
      `${returned}${secure}X-Content-Type-Options: nosniff\r\n${today}${this.#date}`
  }

  /** All forms of the time have seconds, so they are made once a second. */
  #tick (): void {
    const now = this.#clock.now()
    const second = Math.floor(now.getTime() / 1000)
    if (second === this.#second) return
    this.#second = second
    const seconds = now.toISOString().slice(0, 19)
    this.#stamp = `\r\nx-ms-routing-request-id: ${REGION}:${seconds.replace(/[-:]/g, '')}Z:`
    this.#moment = ` Ref B: SJC211000000001 Ref C: ${seconds}Z\r\n`
    this.#date = `Date: ${now.toUTCString()}\r\n`
  }
}

/** References of the front door: 32 digits, of which the last count. Random ones would cost as much as an id. */
class References {
  readonly #prefix: string
  #count = 0

  constructor (id: string) {
    this.#prefix = id.replaceAll('-', '').slice(0, 24).toUpperCase()
  }

  next (): string {
    this.#count = (this.#count + 1) >>> 0
    return `${this.#prefix}${this.#count.toString(16).toUpperCase().padStart(8, '0')}`
  }
}

/** The form of the response; a request that no gate has seen gets that of today. */
function formOf ({ responseForm = 'current' }: FastifyRequest): ResponseForm {
  return responseForm
}

/**
 * Whether the response says that it depends on Accept-Encoding: in the older form, for a client that sends one
 * (recorded: ps_* without, java_* and azcli_* with it; none in azcli_*_2024-07-01).
 */
export function varies (request: FastifyRequest): boolean {
  return formOf(request) === 'older' && request.headers['accept-encoding'] !== undefined
}

function withBody (mediaType: MediaType) {
  const fixed = ['Cache-Control', 'no-cache', 'Pragma', 'no-cache', 'Content-Type', `${mediaType}; charset=utf-8`, 'Expires', '-1']
  return { fixed: headerText(fixed), varying: headerText([...fixed, 'Vary', 'Accept-Encoding']) }
}

/** What HTTP allows in a header of a value from outside: prevents header injection. */
function sanitize (value: string): string {
  return value.replace(/[^\t\x20-\x7e\x80-\xff]/g, '')
}

function single (value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value
}
