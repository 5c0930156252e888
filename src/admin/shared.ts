/** Makes a value for many callers, but never two at a time: callers who come before it is begun share it. */
export class Shared<Value> {
  readonly #make: () => Promise<Value>
  #next: Promise<Value> | undefined
  /** Resolves when the value that was begun last is made. */
  #idle: Promise<unknown> = Promise.resolve()

  constructor (make: () => Promise<Value>) {
    this.#make = make
  }

  /** Resolves to a value that was begun after this call. */
  async get (): Promise<Value> {
    if (this.#next === undefined) {
      const begin = () => {
        this.#next = undefined
        return this.#make()
      }
      this.#next = this.#idle.then(begin)
      this.#idle = this.#next.catch(() => {})
    }
    return await this.#next
  }
}
