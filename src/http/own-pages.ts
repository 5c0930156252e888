import { randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { isSameSecret } from '../core/secrets.js'
import { originOf } from './origin.js'

/** The header in which azrun's own pages send their token. */
const PAGE_TOKEN_HEADER = 'x-azrun-page'

/** Whether a URL is that of one of azrun's own pages or of its API. */
export function isOwn (url: string): boolean {
  return /^\/+_emulator(?:[/?]|$)/i.test(url)
}

/** Distinguishes requests of azrun's own pages from those of other web pages. */
export class OwnPages {
  /** 256 random bits, which only the pages that azrun serves contain. */
  readonly token = randomBytes(32).toString('base64url')

  /**
   * Whether one of azrun's own pages sent the request: it has the token and the same origin. Browsers omit the Origin
   * when a page sends a GET to its own origin.
   */
  sent (request: FastifyRequest): boolean {
    const { method, headers: { origin, [PAGE_TOKEN_HEADER]: token } } = request
    const isSameOrigin = origin === originOf(request) || (origin === undefined && method === 'GET')
    return isSameOrigin && typeof token === 'string' && isSameSecret(this.token, token)
  }
}
