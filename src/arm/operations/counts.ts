/** The most keys to count; one more drops the oldest. A store keeps as many operations by default. */
const CAPACITY = 10_000

/** Counters by key, in memory. */
export class Counts {
  readonly #counts = new Map<string, number>()

  /** Sets the count to 0. */
  reset (key: string): void {
    this.#counts.delete(key)
    this.#counts.set(key, 0)
    if (this.#counts.size <= CAPACITY) return
    const [oldest] = this.#counts.keys()
    this.#counts.delete(oldest!)
  }

  /** The count; 0 for an unknown key. */
  get (key: string): number {
    return this.#counts.get(key) ?? 0
  }

  /** Increments the count and returns it. */
  next (key: string): number {
    if (!this.#counts.has(key)) this.reset(key)
    const count = this.get(key) + 1
    this.#counts.set(key, count)
    return count
  }
}
