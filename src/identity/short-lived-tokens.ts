/** The most tokens to keep; the oldest are dropped. */
const MOST = 10_000

/** Tokens that scenarios have made short-lived, with the seconds since 1970 at which they expire. */
export class ShortLivedTokens {
  readonly #expiries = new Map<string, number>()

  get isEmpty (): boolean {
    return this.#expiries.size === 0
  }

  add (token: string, expiry: number): void {
    this.#expiries.set(token, expiry)
    if (this.#expiries.size > MOST) this.#expiries.delete(this.#expiries.keys().next().value!)
  }

  /** Undefined for any other token. */
  expiryOf (token: string): number | undefined {
    return this.#expiries.get(token)
  }
}
