/** A value, or a promise of one. */
export type MaybePromise<Value> = Value | Promise<Value>

/** Whether the value is a promise, even of another realm: Jest runs each test file in its own. */
export function isPromise<Value> (value: MaybePromise<Value>): value is Promise<Value> {
  return typeof (value as Promise<Value> | undefined)?.then === 'function'
}

/** Calls `next` with the value: at once, unless it is a promise. */
export function then<Value, Result> (value: MaybePromise<Value>,
  next: (value: Value) => MaybePromise<Result>): MaybePromise<Result> {
  return isPromise(value) ? value.then(next) : next(value)
}

/** Calls `work`, then `last`, like `finally`. Synchronous if both are. */
export function finallyDo<Value> (work: () => MaybePromise<Value>,
  last: () => MaybePromise<void>): MaybePromise<Value> {
  let value: MaybePromise<Value> | undefined
  const ended = afterwards(() => { value = work(); return value }, last)
  return then(ended, () => value!)
}

/** Calls `work`, then `next` even if `work` fails. Returns the result of `next`, or fails as `work` did. */
export function afterwards<Result> (work: () => MaybePromise<unknown>,
  next: () => MaybePromise<Result>): MaybePromise<Result> {
  const fail = (error: unknown) => then(next(), () => { throw error })
  let done: MaybePromise<unknown>
  try {
    done = work()
  } catch (error) {
    return fail(error)
  }
  return isPromise(done) ? done.then(next, fail) : next()
}

/** All values in order, like `Promise.all`. Synchronous unless one of them is a promise. */
export function allOf<Value> (values: readonly MaybePromise<Value>[]): MaybePromise<Value[]> {
  return values.some(value => isPromise(value)) ? Promise.all(values) : values as Value[]
}
