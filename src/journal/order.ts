/** The allowed number of requests. */
export interface Times {
  readonly min: number
  readonly max: number
}

/** A possible progress: all expectations before `index` are met, and `count` requests match that one. */
interface State {
  readonly index: number
  readonly count: number
}

/**
 * Checks that requests come in the order of expectations: first those for the first one, then those for the second. A
 * request can match several expectations, so this tracks all possible states.
 */
export class Order {
  readonly #times: readonly Times[]
  #states: readonly State[]
  /** The first request that no state accepts. */
  #broken: { readonly index: number, readonly text: string } | undefined

  constructor (times: readonly Times[]) {
    this.#times = times
    this.#states = this.#reachable([{ index: 0, count: 0 }])
  }

  get isMet (): boolean {
    return this.#broken === undefined && this.#states.some(({ index }) => index === this.#times.length)
  }

  /**
   * What is wrong: the index of the expectation, a sentence, and whether requests are lacking. Only if the order is not
   * met.
   */
  get problem (): { readonly index: number, readonly text: string, readonly isTooFew: boolean } {
    if (this.#broken !== undefined) return { ...this.#broken, isTooFew: false }
    const index = Math.max(...this.#states.map(state => state.index))
    return { index, isTooFew: true, text: `expectation ${index + 1}: too few requests match it after those of the expectations before it.` }
  }

  /** Adds a request that matches the expectations with these indexes. */
  add (sequence: number, matching: readonly number[]): void {
    if (this.#broken !== undefined) return
    const next = this.#states.filter(({ index, count }) => matching.includes(index) && count < this.#times[index]!.max)
      .map(({ index, count }) => ({ index, count: this.#counted(index, count + 1) }))
    if (next.length > 0) { this.#states = this.#reachable(next); return }
    const index = matching[0]!
    const problem = this.#times[index]!.max === 0
      ? `#${sequence} matches it, but no request may`
      : `#${sequence} matches it in the wrong place: ${this.#rule(index)}`
    this.#broken = { index, text: `expectation ${index + 1}: ${problem}.` }
  }

  /** Why no state accepts a request for this expectation. */
  #rule (index: number): string {
    const begun = Math.max(0, ...this.#states.filter(({ count }) => count > 0).map(state => state.index))
    if (begun > index) return `it must not come after a request for expectation ${begun + 1}`
    if (begun === index && index > 0) return 'there are enough of them already'
    const reached = Math.max(...this.#states.map(state => state.index))
    return reached > index ? 'there are enough of them already' : `the requests for expectation ${reached + 1} must come before it`
  }

  /** Without a maximum, counts only up to the minimum, which keeps the number of states small. */
  #counted (index: number, count: number): number {
    const { min, max } = this.#times[index]!
    return max === Infinity ? Math.min(count, min) : count
  }

  /** These states without duplicates, and the next states where an expectation is met. */
  #reachable (states: readonly State[]): State[] {
    const found = new Map<string, State>()
    const pending = [...states]
    for (let state = pending.pop(); state !== undefined; state = pending.pop()) {
      const { index, count } = state
      if (found.has(`${index} ${count}`)) continue
      found.set(`${index} ${count}`, state)
      if (index < this.#times.length && count >= this.#times[index]!.min) pending.push({ index: index + 1, count: 0 })
    }
    return [...found.values()]
  }
}
