import { once } from 'node:events'
import { startProcess } from './process.js'

/** A client in its own process; see load-process.js. */
export class LoadGenerator {
  #process = startProcess('load-process.js')

  /** Sends the requests of a load, and returns the seconds that it took. */
  async send (load) {
    const { child } = await this.#process
    child.send(load)
    const [{ seconds, error }] = await once(child, 'message')
    if (error !== undefined) throw new Error(error)
    return seconds
  }

  async stop () {
    (await this.#process).stop()
  }
}
