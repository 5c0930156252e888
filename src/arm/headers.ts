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
  #second = NaN
  #date = ''
  #stamp = ''

  constructor ({ clock, newId, version }: HeadersOptions) {
    this.#clock = clock
    this.#newId = newId
    this.#server = `azrun/${version}`
  }

  /** Names and values in turn, in Azure's order. */
  of (request: FastifyRequest, { layer, body, status, headers = [], rateLimit, requestId }: Answer): string[] {
    this.#tick()
    const sent = request.headers
    const correlationId = single(sent['x-ms-correlation-request-id']) || this.#newId()
    const lines = body === undefined
      ? ['Cache-Control', 'no-cache', 'Pragma', 'no-cache', 'Content-Length', '0', 'Expires', '-1']
      : ['Cache-Control', 'no-cache', 'Pragma', 'no-cache', 'Content-Type', 'application/json; charset=utf-8',
          'Expires', '-1', 'Vary', 'Accept-Encoding']
    for (const line of headers) lines.push(line)
    if (layer === 'service') lines.push('Server', this.#server)
    lines.push('Strict-Transport-Security', 'max-age=31536000; includeSubDomains', 'X-Content-Type-Options', 'nosniff')
    if (rateLimit !== undefined) lines.push('x-ms-ratelimit-remaining-resource', rateLimit)
    if (status >= 400) lines.push('x-ms-failure-cause', layer)
    else if (request.method === 'POST') lines.push('x-ms-ratelimit-remaining-subscription-writes', '1199')
    else lines.push('x-ms-ratelimit-remaining-subscription-reads', '11999')
    lines.push(
      'x-ms-request-id', requestId ?? (layer === 'service' ? this.#newId() : correlationId),
      'x-ms-correlation-request-id', correlationId,
      'x-ms-routing-request-id', `${FRONT_END}:${this.#stamp}:${correlationId}`
    )
    const clientRequestId = single(sent['x-ms-client-request-id'])
    if (clientRequestId !== undefined && sent['x-ms-return-client-request-id'] === 'true') {
      lines.push('x-ms-client-request-id', clientRequestId)
    }
    lines.push('Date', this.#date)
    return lines
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

function single (value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value
}
