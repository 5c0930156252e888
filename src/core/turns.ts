import type { RunContext } from './cancellation.js'
import type { MaybePromise } from './maybe-promise.js'

/** A turn, which its holder gives back once. */
export interface Turn {
  release (): void
}

export interface TurnsOptions {
  /** How many may have a turn at once. */
  readonly max: number
  /** Called when somebody begins to wait, with the number of those who then wait. */
  onWait (waiting: number): void
}

/** Lets only so many runs go on at once. The others wait in the order in which they came. */
export class Turns {
  readonly #max: number
  readonly #onWait: (waiting: number) => void
  readonly #waiting = new Set<() => void>()
  #taken = 0

  constructor ({ max, onWait }: TurnsOptions) {
    this.#max = max
    this.#onWait = onWait
  }

  /** A turn; at once, where one is free. Rejects as soon as the context's signal aborts. */
  take (context: RunContext): MaybePromise<Turn> {
    if (this.#taken >= this.#max) return this.#wait(context.signal)
    this.#taken++
    return this.#turn()
  }

  #wait (signal: AbortSignal): Promise<Turn> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) { reject(signal.reason); return }
      const leave = () => {
        this.#waiting.delete(begin)
        reject(signal.reason)
      }
      const begin = () => {
        this.#waiting.delete(begin)
        signal.removeEventListener('abort', leave)
        resolve(this.#turn())
      }
      this.#waiting.add(begin)
      signal.addEventListener('abort', leave, { once: true })
      this.#onWait(this.#waiting.size)
    })
  }

  #turn (): Turn {
    return { release: () => this.#passOn() }
  }

  /** Gives the turn to the first who waits. */
  #passOn (): void {
    const [next] = this.#waiting
    if (next === undefined) this.#taken--
    else next()
  }
}
