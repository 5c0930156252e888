import type { ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { SocketEffect } from '../scenarios/scenario.js'
import type { Clock } from '../time/clock.js'
import type { HttpResponse } from './response.js'
import { textOf, wholeTextOf, writeResponse } from './write-response.js'

declare module 'fastify' {
  interface FastifyInstance {
    socketEffects: SocketEffects
  }
}

/** The most pieces per second of a dripping response. */
const MOST_PIECES = 10

/** Adds the socket effects that `respond` applies. They end when the app closes. */
export function addSocketEffects (app: FastifyInstance, clock: Clock): void {
  const effects = new SocketEffects(clock)
  app.decorate('socketEffects', effects)
  app.addHook('preClose', done => {
    effects.close()
    done()
  })
}

/**
 * Disturbs connections as a scenario says, instead of sending a response normally. Requests that are pipelined after a
 * dripping response are handled after it; after any other effect they are not handled. `app.inject` has no connection:
 * it rejects where a connection would be cut.
 */
export class SocketEffects {
  readonly #clock: Clock
  /** Functions that cut the stalled and dripping connections. */
  readonly #cuts = new Set<() => void>()
  #isClosed = false

  constructor (clock: Clock) {
    this.#clock = clock
  }

  apply (effect: SocketEffect, raw: ServerResponse, response: HttpResponse): void {
    if (effect === 'stall') this.#untilCut(raw)
    else if (typeof effect === 'object' && 'drip' in effect) this.#drip(raw, response, effect.drip).catch(() => {})
    else if (!(raw.socket instanceof Socket)) cut(raw)
    else if (effect === 'reset') raw.socket.resetAndDestroy()
    else if (effect === 'close') raw.socket.destroySoon()
    else truncate(raw, response, effect.truncate)
  }

  /** Cuts all stalled and dripping connections, and later ones at once. */
  close (): void {
    this.#isClosed = true
    for (const cut of this.#cuts) cut()
  }

  /** Sends nothing until the client closes its side. */
  #untilCut (raw: ServerResponse): void {
    const { socket } = raw
    const end = this.#cuttable(raw)
    socket?.once('end', end)
    if (socket?.readableEnded) end()
  }

  /** Sends a piece at a time. Rejects when the connection closes. */
  async #drip (raw: ServerResponse, response: HttpResponse, rate: number): Promise<void> {
    const gone = new AbortController()
    raw.once('close', () => gone.abort())
    this.#cuttable(raw)
    const text = wholeTextOf(raw, response)
    const size = Math.ceil(rate / MOST_PIECES)
    const isInjected = !(raw.socket instanceof Socket)
    let sent = 0
    for (; sent + size < text.length; sent += size) {
      if (!isInjected) raw.socket.write(text.slice(sent, sent + size), 'latin1')
      await this.#clock.sleep(size * 1000 / rate, gone.signal)
    }
    if (isInjected) writeResponse(raw, response)
    else endWith(raw, response, text.slice(sent))
  }

  /** Registers the connection for `close`. Returns a function that cuts it. */
  #cuttable (raw: ServerResponse): () => void {
    const cutThis = () => cut(raw)
    this.#cuts.add(cutThis)
    raw.once('close', () => this.#cuts.delete(cutThis))
    if (this.#isClosed) cutThis()
    return cutThis
  }
}

/** Sends the whole head and only a part of the body. */
function truncate (raw: ServerResponse, response: HttpResponse, bytes: number): void {
  const text = wholeTextOf(raw, response)
  const body = text.indexOf('\r\n\r\n') + 4
  const content = response.chunked ? text.indexOf('\r\n', body) + 2 : body
  raw.socket!.write(text.slice(0, content + bytes), 'latin1')
  raw.socket!.destroySoon()
}

/** Sends the rest of a response. Then the connection stays open or closes, as its head says. */
function endWith (raw: ServerResponse, response: HttpResponse, rest: string): void {
  if (textOf(raw, response) !== undefined) { writeResponse(raw, response, rest); return }
  raw.socket!.write(rest, 'latin1')
  raw.socket!.destroySoon()
}

function cut (raw: ServerResponse): void {
  if (raw.socket instanceof Socket) raw.socket.destroy()
  else raw.destroy(Object.assign(new Error('the connection was cut, as a scenario says'), { code: 'ECONNRESET' }))
}
