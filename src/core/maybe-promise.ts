/** A value, or the promise of one. */
export type MaybePromise<Value> = Value | Promise<Value>

/** Whether it is a promise, of this realm or another: Jest, for one, runs tests in a realm of their own. */
export function isPromise<Value> (value: MaybePromise<Value>): value is Promise<Value> {
  return typeof (value as Promise<Value> | undefined)?.then === 'function'
}

/** Calls `next` with the value, at once unless it is a promise. */
export function then<Value, Result> (value: MaybePromise<Value>,
  next: (value: Value) => MaybePromise<Result>): MaybePromise<Result> {
  return isPromise(value) ? value.then(next) : next(value)
}

/** Calls `work`, and `last` once that has ended, like `finally`; at once where neither needs time. */
export function finallyDo<Value> (work: () => MaybePromise<Value>,
  last: () => MaybePromise<void>): MaybePromise<Value> {
  let value: MaybePromise<Value>
  try {
    value = work()
  } catch (error) {
    return then(last(), () => { throw error })
  }
  if (!isPromise(value)) return then(last(), () => value)
  return value.then(value => then(last(), () => value), error => then(last(), () => { throw error }))
}

/** All the values in their order, at once unless one of them is a promise. */
export function allOf<Value> (values: readonly MaybePromise<Value>[]): MaybePromise<Value[]> {
  return values.some(value => isPromise(value)) ? Promise.all(values) : values as Value[]
}
