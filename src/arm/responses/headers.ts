import type { FastifyRequest } from 'fastify'
import { headerText, withoutHeaders } from '../../http/response.js'
import type { Clock } from '../../time/clock.js'
import type { MediaType } from './accept.js'
import type { ArmResponse } from './arm-response.js'
import type { ResponseForm } from './form.js'
import { quotaFor } from './gateway-quotas.js'
import { preferenceApplied } from './preference-applied.js'

/** The form of a body on the wire. */
export interface Framing {
  /** Default: `application/json`. */
  readonly mediaType?: MediaType | undefined
  /** In bytes; undefined for a body in chunks. */
  readonly length?: number | undefined
  readonly isCompressed: boolean
}

const NO_CACHE = headerText(['Cache-Control', 'no-cache', 'Pragma', 'no-cache'])
const EXPIRES = 'Expires: -1\r\n'
const TYPES = {
  'application/json': 'Content-Type: application/json; charset=utf-8\r\n',
  'text/json': 'Content-Type: text/json; charset=utf-8\r\n'
} as const
/** For a DELETE of something that does not exist (recorded: net_managed_vm_windows_2021-11-01, exchange 0). */
const GONE = `${NO_CACHE}${EXPIRES}`
const WITHOUT_BODY = `${NO_CACHE}Content-Length: 0\r\n${EXPIRES}`
const STRICT_TRANSPORT = 'Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n'

/** The region of the front end. */
const REGION = 'WESTUS'
const FRONT_DOOR = 'X-Cache: CONFIG_NOCACHE\r\nX-MSEdge-Ref: Ref A: '

export interface ResponseHeadersOptions {
  readonly clock: Clock
  /** azrun's version, for the Server header. */
  readonly version: string
  newId (): string
}

/**
 * Writes the headers of every response of Azure, in Azure's order. Recorded: net_managed_vm_windows_2021-11-01, whose
 * 204 is the gateway's own; today: azure-cli #31910, #32564; errors of Compute: azure-cli #15765; of the gateway: the
 * README of azure-sdk-for-net's Azure.ResourceManager.Communication. Inferred: the gateway's own responses today.
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

  /** All headers except Transfer-Encoding. The service's come before the gateway's. `framing` is that of a body. */
  write (request: FastifyRequest, response: ArmResponse, framing?: Framing): string {
    const { status, headers, replacing } = response
    const isGone = status === 204 && request.method === 'DELETE'
    const first = framing === undefined ? isGone ? GONE : WITHOUT_BODY : withBody(framing, varies(request, status))
    const begun = headers === undefined ? first : first + ownText(headers)
    if (replacing === undefined) return this.#continue(begun, request, response)
    const names = new Set(replacing.filter((_, index) => index % 2 === 0).map(name => name.toLowerCase()))
    return withoutHeaders(begun, names) + ownText(replacing) + withoutHeaders(this.#continue('', request, response), names)
  }

  /** Adds the headers that follow those of this response alone. */
  #continue (text: string, request: FastifyRequest, response: ArmResponse): string {
    const { layer, status, headers, charge, requestId } = response
    const form = formOf(request)
    const isOfService = layer === 'service'
    const { rateLimit = isOfService ? request.operation?.rateLimit : undefined } = response
    if (rateLimit !== undefined) text += rateLimit[form].header
    if (charge !== undefined) text += `x-ms-request-charge: ${charge}\r\n`
    const correlationId = response.correlationId ?? this.correlationIdOf(request)
    if (isOfService) {
      text += `${STRICT_TRANSPORT}x-ms-request-id: ${requestId ?? this.#newId()}\r\n`
      if (form === 'older') text += this.#server
    }
    // Errors of Compute have the headers of a success (recorded: azure-cli #15765, azcli_vmss_simulate_eviction).
    const isCounted = status < 400 || rateLimit !== undefined
    text += isCounted ? quotaFor(request, form) : `x-ms-failure-cause: ${layer}\r\n`
    text += this.#ofGateway(request, correlationId, isOfService ? undefined : requestId ?? correlationId)
    if (request.preferredScenario === undefined || headers?.includes('Preference-Applied')) return text
    const applied = preferenceApplied(request, headers)
    return applied === undefined ? text : `${text}Preference-Applied: ${sanitize(applied)}\r\n`
  }

  /** The correlation id that the client has sent, else a new one. */
  correlationIdOf ({ headers }: FastifyRequest): string {
    return sanitize(single(headers['x-ms-correlation-request-id']) ?? '') || this.#newId()
  }

  /** The gateway's headers. They include a request id if the gateway itself responds. */
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

  /** Formats the time for all headers. They show seconds, so this runs once a second. */
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

/** References of the front door: 32 digits, the last of which count up. Random ones would cost as much as an id. */
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

/** The form of the response; the current one if the gate has not seen the request. */
function formOf ({ responseForm = 'current' }: FastifyRequest): ResponseForm {
  return responseForm
}

/**
 * Whether the response has `Vary: Accept-Encoding`, and is compressed if the client accepts that: only 200 in the older
 * form, for a client that sends Accept-Encoding. Recorded: ps_* without, java_* and azcli_* with it. No 202, 404 or 409
 * has it (azcli_disk_encryption_set, azcli_vmss_simulate_eviction, azure-cli #15765), and nothing has it today
 * (azcli_*_2024-07-01; not compressed: azure-cli #32564).
 */
export function varies (request: FastifyRequest, status: number): boolean {
  return status === 200 && formOf(request) === 'older' && request.headers['accept-encoding'] !== undefined
}

/** The headers for a body, in the order that azure-cli #15878 (in chunks, compressed) and #32564 log. */
function withBody ({ mediaType = 'application/json', length, isCompressed }: Framing, varies: boolean): string {
  const framed = length === undefined ? NO_CACHE : `${NO_CACHE}Content-Length: ${length}\r\n`
  const typed = framed + TYPES[mediaType] + (isCompressed ? 'Content-Encoding: gzip\r\n' : '')
  return typed + (varies ? `${EXPIRES}Vary: Accept-Encoding\r\n` : EXPIRES)
}

/** The text of headers with any names and values. */
function ownText (headers: readonly string[]): string {
  return headerText(headers.map(sanitize))
}

/** Removes characters that HTTP does not allow in a header, against header injection. */
function sanitize (value: string): string {
  return value.replace(/[^\t\x20-\x7e\x80-\xff]/g, '')
}

function single (value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value
}
