import type { MaybePromise } from '../core/maybe-promise.js'
import type { RunContext } from './cancellation.js'

/** A turn. Its holder releases it exactly once. */
export interface Turn {
  release (): void
}

export interface TurnsOptions {
  /** The number of turns at a time. */
  readonly max: number
  /** Called when another run begins to wait, with the number of waiting runs. */
  onWait (waiting: number): void
}

/** Limits the number of concurrent runs. The others wait in order of arrival. */
export class Turns {
  readonly #max: number
  readonly #onWait: (waiting: number) => void
  readonly #waiting = new Set<() => void>()
  #taken = 0

  constructor ({ max, onWait }: TurnsOptions) {
    this.#max = max
    this.#onWait = onWait
  }

  /** Takes a turn, at once if one is free. Rejects as soon as the context's signal aborts. */
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

  /** Passes the turn to the first waiting run. */
  #passOn (): void {
    const [next] = this.#waiting
    if (next === undefined) this.#taken--
    else next()
  }
}
