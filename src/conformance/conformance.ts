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

  /** `read` is called for the first check: the start does not wait for it. */
  constructor (read: () => OpenApiDocument) {
    this.#read = read
  }

  /** Loads what checks responses. It is large, so the start and the path of a request do without it. */
  async load (): Promise<void> {
    this.#validators ??= await import('./validators.js')
  }

  /**
   * What is wrong with a request and, once `load` has ended, with its response. One that scenarios shape is wrong on
   * purpose.
   */
  findingsOf (exchange: Exchange, isShaped = false): Finding[] {
    const ofRequest = requestFindings(this.#checked, exchange)
    return this.#validators === undefined || isShaped
      ? ofRequest
      : [...ofRequest, ...responseFindings(this.#checked, exchange, this.#validators)]
  }

  /** How much is wrong with a request: what `x-azrun-findings` says, before its response has gone out. */
  countFindings (request: SentRequest): number {
    return requestFindings(this.#checked, request).length
  }

  get #checked (): Contract {
    this.#contract ??= new Contract(this.#read())
    return this.#contract
  }
}
