import type { OpenApiDocument } from '../http/openapi.js'
import type { Finding } from '../journal/entry.js'
import { Contract, type Exchange, type SentRequest } from './contract.js'
import { requestFindings } from './request.js'
import { responseFindings, type ResponseValidators } from './response.js'

/** Checks requests, and azrun's own responses, against openapi/arm.json. */
export class Conformance {
  readonly #read: () => OpenApiDocument
  #contract: Contract | undefined
  #validators: ResponseValidators | undefined

  /** `read` is called for the first check, so that the start does not wait for it. */
  constructor (read: () => OpenApiDocument) {
    this.#read = read
  }

  /** Loads the validators of responses. They are large, so neither the start nor a request loads them. */
  async load (): Promise<void> {
    this.#validators ??= await import('./validators.js')
  }

  /**
   * The mistakes in a request and, once `load` has ended, in its response. A response that a scenario has changed is
   * wrong on purpose, and is not checked.
   */
  findingsOf (exchange: Exchange, isShaped = false): Finding[] {
    const ofRequest = requestFindings(this.#checked, exchange)
    return this.#validators === undefined || isShaped
      ? ofRequest
      : [...ofRequest, ...responseFindings(this.#checked, exchange, this.#validators)]
  }

  /** The number of findings about a request, for `x-azrun-findings`: its response is not sent yet. */
  countFindings (request: SentRequest): number {
    return requestFindings(this.#checked, request).length
  }

  get #checked (): Contract {
    this.#contract ??= new Contract(this.#read())
    return this.#contract
  }
}
