import { finallyDo, isPromise, type MaybePromise } from './maybe-promise.js'

/** Does work with one key after the other: what decides by what is there, and then changes it. */
export class InOrder {
  readonly #last = new Map<string, Promise<unknown>>()

  /** Does the work; at once, if no other work with this key goes on. */
  do<Value> (key: string, work: () => MaybePromise<Value>): MaybePromise<Value> {
    const before = this.#last.get(key)
    const doing = before === undefined ? work() : before.then(work, work)
    if (!isPromise(doing)) return doing
    const over: Promise<Value> = Promise.resolve(finallyDo(() => doing, () => {
      if (this.#last.get(key) === over) this.#last.delete(key)
    }))
    this.#last.set(key, over)
    return over
  }
}
