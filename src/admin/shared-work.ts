/** Makes a value on demand, but never two at a time: all who call before the next one begins share it. */
export class SharedWork<Value> {
  readonly #make: () => Promise<Value>
  #next: Promise<Value> | undefined
  /** Resolves when the last value that has begun is made. */
  #idle: Promise<unknown> = Promise.resolve()

  constructor (make: () => Promise<Value>) {
    this.#make = make
  }

  /** Resolves to a value that begins after this call. */
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
