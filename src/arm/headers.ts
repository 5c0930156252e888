import type { FastifyRequest } from 'fastify'
import type { Clock } from '../core/clock.js'
import type { Answer } from './answer.js'

/** What remains of a caller's quota: azrun does not throttle, so the figures stand still (form and start recorded). */
export const rateLimits = {
  runCommand: 'Microsoft.Compute/UpdateVM3Min;239,Microsoft.Compute/UpdateVM30Min;1199',
  operation: 'Microsoft.Compute/GetOperation3Min;14999,Microsoft.Compute/GetOperation30Min;29999',
  documents: 'Microsoft.Compute/GetSubscriptionInfo3Min;419',
  /** Inferred: no capture of a virtual machine's GET at hand. */
  virtualMachine: 'Microsoft.Compute/LowCostGet3Min;3999,Microsoft.Compute/LowCostGet30Min;31999'
} as const

const WITH_BODY = 'Cache-Control: no-cache\r\nPragma: no-cache\r\nContent-Type: application/json; charset=utf-8\r\n' +
  'Expires: -1\r\nVary: Accept-Encoding\r\n'
const WITHOUT_BODY = 'Cache-Control: no-cache\r\nPragma: no-cache\r\nContent-Length: 0\r\nExpires: -1\r\n'
const SECURITY = 'Strict-Transport-Security: max-age=31536000; includeSubDomains\r\nX-Content-Type-Options: nosniff\r\n'

/** The region of the front end that a request passed through. */
const FRONT_END = 'WESTUS'

export interface HeadersOptions {
  readonly clock: Clock
  /** Of azrun, for the Server header. */
  readonly version: string
  newId (): string
}

/** The headers that every answer of Azure carries (recorded: java_canRunScriptOnVM; wire facts, sections 2 and 3). */
export class ArmHeaders {
  readonly #clock: Clock
  readonly #newId: () => string
  readonly #server: string
  readonly #beginnings = new Map<string, string>()
  #second = NaN
  #date = ''
  #stamp = ''

  constructor ({ clock, newId, version }: HeadersOptions) {
    this.#clock = clock
    this.#newId = newId
    this.#server = `Server: azrun/${version}\r\n`
  }

  /** The lines, in Azure's order, each with its end. */
  of (request: FastifyRequest, answer: Answer): string {
    this.#tick()
    const sent = request.headers
    const correlationId = fit(single(sent['x-ms-correlation-request-id']) ?? '') || this.#newId()
    const requestId = answer.requestId ?? (answer.layer === 'service' ? this.#newId() : correlationId)
    const clientRequestId = single(sent['x-ms-client-request-id'])
    const isReturned = clientRequestId !== undefined && sent['x-ms-return-client-request-id'] === 'true'
    return `${this.#beginning(request, answer)}x-ms-request-id: ${requestId}\r\n` +
      `x-ms-correlation-request-id: ${correlationId}\r\n` +
      `x-ms-routing-request-id: ${FRONT_END}:${this.#stamp}:${correlationId}\r\n` +
      `${isReturned ? `x-ms-client-request-id: ${fit(clientRequestId)}\r\n` : ''}Date: ${this.#date}\r\n`
  }

  /** Up to the ids. Results and statuses of one kind, which the rate limit tells, begin alike. */
  #beginning (request: FastifyRequest, answer: Answer): string {
    const { body, headers, rateLimit } = answer
    if (rateLimit === undefined || body === undefined || headers !== undefined) return this.#begin(request, answer)
    let text = this.#beginnings.get(rateLimit)
    // Through a buffer, since a text that is put together stays in its pieces.
    if (text === undefined) this.#beginnings.set(rateLimit, text = Buffer.from(this.#begin(request, answer)).toString())
    return text
  }

  #begin (request: FastifyRequest, { layer, body, status, headers = [], rateLimit }: Answer): string {
    let text: string = body === undefined ? WITHOUT_BODY : WITH_BODY
    for (let index = 0; index < headers.length; index += 2) text += `${headers[index]}: ${fit(headers[index + 1]!)}\r\n`
    if (layer === 'service') text += this.#server
    text += SECURITY
    if (rateLimit !== undefined) text += `x-ms-ratelimit-remaining-resource: ${rateLimit}\r\n`
    if (status >= 400) return `${text}x-ms-failure-cause: ${layer}\r\n`
    return request.method === 'POST'
      ? `${text}x-ms-ratelimit-remaining-subscription-writes: 1199\r\n`
      : `${text}x-ms-ratelimit-remaining-subscription-reads: 11999\r\n`
  }

  /** Both forms of the time have seconds, so they are made once a second. */
  #tick (): void {
    const now = this.#clock.now()
    const second = Math.floor(now.getTime() / 1000)
    if (second === this.#second) return
    this.#second = second
    this.#date = now.toUTCString()
    this.#stamp = `${now.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
  }
}

/** Of a value from outside, what HTTP allows in a header: nobody is to begin a line of his own. */
function fit (value: string): string {
  return value.replace(/[^\t\x20-\x7e\x80-\xff]/g, '')
}

function single (value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value
}
