/** How many keys are counted for; the first of more is forgotten. A store keeps no more operations by default. */
const CAPACITY = 10_000

/** Counts by key, in the memory of the process. */
export class Counts {
  readonly #counts = new Map<string, number>()

  /** Counts from 0 again. */
  reset (key: string): void {
    this.#counts.delete(key)
    this.#counts.set(key, 0)
    if (this.#counts.size <= CAPACITY) return
    const [oldest] = this.#counts.keys()
    this.#counts.delete(oldest!)
  }

  /** 0 for a key that is not counted for. */
  get (key: string): number {
    return this.#counts.get(key) ?? 0
  }

  /** The count, one higher than before. */
  next (key: string): number {
    if (!this.#counts.has(key)) this.reset(key)
    const count = this.get(key) + 1
    this.#counts.set(key, count)
    return count
  }
}
