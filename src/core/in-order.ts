import { finallyDo, isPromise, type MaybePromise } from './maybe-promise.js'

/** Runs work on the same key one after the other, so that work can read a value and then change it. */
export class InOrder {
  readonly #last = new Map<string, Promise<unknown>>()

  /** Runs the work, at once unless other work on this key is in progress. */
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
