import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Clock } from '../time/clock.js'

/** Delays responses. A delay ends early when the client disconnects, the app closes or a signal aborts. */
export class Delays {
  readonly #clock: Clock
  readonly #closing = new AbortController()

  constructor (app: FastifyInstance, clock: Clock) {
    this.#clock = clock
    app.addHook('preClose', done => {
      this.#closing.abort()
      done()
    })
  }

  /**
   * Resolves after `ms` milliseconds of azrun's clock, or to false once the client disconnects. A client that had ended
   * its side of the connection before the delay still waits for its response.
   */
  async pass ({ raw }: FastifyReply, ms: number, early?: AbortSignal): Promise<boolean> {
    const { socket } = raw.req
    const gone = new AbortController()
    const ends = [gone.signal, this.#closing.signal, ...early === undefined ? [] : [early]]
    const leave = () => gone.abort()
    socket.once('close', leave).once('end', leave)
    try {
      await this.#clock.sleep(ms, AbortSignal.any(ends))
    } catch (error) {
      if (ends.every(({ aborted }) => !aborted)) throw error
    } finally {
      socket.off('close', leave).off('end', leave)
    }
    if (gone.signal.aborted) socket.destroy()
    return !gone.signal.aborted
  }
}
