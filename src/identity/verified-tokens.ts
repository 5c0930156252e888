import type { Claims } from './claims.js'

/** Maximum number of tokens in each of the two halves. */
const HALF = 500

/**
 * Caches verified tokens. When the younger half is full, it replaces the older one, so that eviction costs nothing and
 * a token in use stays.
 */
export class VerifiedTokens {
  #younger = new Map<string, Claims>()
  #older = new Map<string, Claims>()

  get (token: string): Claims | undefined {
    const found = this.#younger.get(token)
    if (found !== undefined) return found
    const old = this.#older.get(token)
    if (old !== undefined) this.add(token, old)
    return old
  }

  add (token: string, claims: Claims): void {
    if (this.#younger.size >= HALF) {
      this.#older = this.#younger
      this.#younger = new Map()
    }
    this.#younger.set(token, claims)
  }
}
