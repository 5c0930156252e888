import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { originOf } from './origin.js'

/** The header in which azrun's own pages send their token. */
export const PAGE_TOKEN_HEADER = 'x-azrun-page'

/** Tells the requests of azrun's own pages from those of other web pages. */
export class OwnPages {
  /** 256 random bits, which only the pages that azrun serves contain. */
  readonly token = randomBytes(32).toString('base64url')

  /** Whether a page that was loaded from the address of this very request sent it, with the token. */
  sent (request: FastifyRequest): boolean {
    const { origin, [PAGE_TOKEN_HEADER]: token } = request.headers
    return origin === originOf(request) && typeof token === 'string' && this.#isToken(token)
  }

  #isToken (text: string): boolean {
    const [sent, own] = [Buffer.from(text, 'latin1'), Buffer.from(this.token)]
    return sent.length === own.length && timingSafeEqual(sent, own)
  }
}
