import { once } from '../core/once.js'
import type { OpenApiDocument } from '../http/openapi.js'
import type { Finding } from '../journal/entry.js'
import { Contract, type Exchange, type SentRequest } from './contract.js'
import { requestFindings } from './request.js'
import { responseFindings, type ResponseValidators } from './response.js'

/** Checks requests, and azrun's own responses, against openapi/arm.json. */
export class Conformance {
  readonly #contract: () => Contract
  #validators: ResponseValidators | undefined

  /** The first check calls `read`, so that the start does not wait for it. */
  constructor (read: () => OpenApiDocument) {
    this.#contract = once(() => new Contract(read()))
  }

  /** Loads the checks of responses. They are large, so neither the start nor a request waits for them. */
  async load (): Promise<void> {
    this.#validators ??= await import('./validators.js')
  }

  /**
   * What is wrong with a request and, once `load` has ended, with its response. Skips a response that scenarios have
   * shaped, which is wrong on purpose.
   */
  findingsOf (exchange: Exchange, isShaped = false): Finding[] {
    const ofRequest = requestFindings(this.#contract(), exchange)
    return this.#validators === undefined || isShaped
      ? ofRequest
      : [...ofRequest, ...responseFindings(this.#contract(), exchange, this.#validators)]
  }

  /** The number of findings about a request, for the header `x-azrun-findings` of its response. */
  countFindings (request: SentRequest): number {
    return requestFindings(this.#contract(), request).length
  }
}
