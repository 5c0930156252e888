import type { OpenApiDocument } from '../http/openapi.js'
import type { Finding } from '../journal/entry.js'
import { Contract, type Exchange } from './contract.js'
import { requestFindings } from './request.js'
import { responseFindings } from './response.js'

/** Checks requests, and azrun's own responses, against openapi/arm.json. */
export class Conformance {
  readonly #contract: Contract

  constructor (document: OpenApiDocument) {
    this.#contract = new Contract(document)
  }

  /** How much is wrong with a request: what `x-azrun-findings` says, before its response has gone out. */
  countFindings (exchange: Exchange): number {
    return requestFindings(this.#contract, exchange).length
  }

  /** What checks both sides. It takes time to load, so nothing does at the start or in the path of a request. */
  async load (): Promise<(exchange: Exchange) => Finding[]> {
    const validators = await import('./validators.js')
    return exchange => [
      ...requestFindings(this.#contract, exchange),
      ...responseFindings(this.#contract, exchange, validators)
    ]
  }
}
