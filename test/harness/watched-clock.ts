import { VirtualClock } from '../../src/index.js'

/** A clock whose promises resolve on the first sleep, and on the first sleep that is aborted. */
export class WatchedClock extends VirtualClock {
  readonly asleep: Promise<void>
  readonly givenUp: Promise<void>
  #slept = () => {}
  #gaveUp = () => {}

  constructor () {
    super()
    this.asleep = new Promise(resolve => { this.#slept = resolve })
    this.givenUp = new Promise(resolve => { this.#gaveUp = resolve })
  }

  override async sleep (ms: number, signal?: AbortSignal): Promise<void> {
    const sleeping = super.sleep(ms, signal)
    this.#slept()
    return await sleeping.catch((error: unknown) => {
      this.#gaveUp()
      throw error
    })
  }
}
