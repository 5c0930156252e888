import type { Claims } from './tokens.js'

/** As many as are kept at the most, in each of two halves. */
const HALF = 500

/**
 * Remembers tokens that were verified. When the younger half is full it takes the place of the older one, so that
 * forgetting costs nothing and a token in use stays.
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
