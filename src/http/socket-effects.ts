import type { ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Clock } from '../core/clock.js'
import type { SocketEffect } from '../scenarios/scenario.js'
import type { HttpResponse } from './response.js'
import { textOf, wholeTextOf, writeResponse } from './write-response.js'

declare module 'fastify' {
  interface FastifyInstance {
    socketEffects: SocketEffects
  }
}

/** Pieces of a dripping response in a second, at most. */
const MOST_PIECES = 10

/** Lets `respond` do what a scenario has a connection do; ends with the app. */
export function addSocketEffects (app: FastifyInstance, clock: Clock): void {
  const effects = new SocketEffects(clock)
  app.decorate('socketEffects', effects)
  app.addHook('preClose', done => {
    effects.close()
    done()
  })
}

/**
 * What connections do in place of sending a response as it is. Requests that were pipelined behind one that drips are
 * handled after it, those behind another are not handled. `app.inject` has no connection: it rejects where that is cut.
 */
export class SocketEffects {
  readonly #clock: Clock
  /** Cuts each connection that is stalled or drips. */
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

  /** Cuts the connections that are stalled or drip, and later ones at once. */
  close (): void {
    this.#isClosed = true
    for (const cut of this.#cuts) cut()
  }

  /** Does nothing until the client closes its side: one that is stalled for ever waits for nothing else. */
  #untilCut (raw: ServerResponse): void {
    const { socket } = raw
    const end = this.#cuttable(raw)
    socket?.once('end', end)
    if (socket?.readableEnded) end()
  }

  /** Sends a piece at a time. Rejects when the connection is gone. */
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

  /** Cuts the connection when this is closed, or when the function is called that it returns. */
  #cuttable (raw: ServerResponse): () => void {
    const cutThis = () => cut(raw)
    this.#cuts.add(cutThis)
    raw.once('close', () => this.#cuts.delete(cutThis))
    if (this.#isClosed) cutThis()
    return cutThis
  }
}

/** Sends the head with the full length and a part of the body. */
function truncate (raw: ServerResponse, response: HttpResponse, bytes: number): void {
  const text = wholeTextOf(raw, response)
  const body = text.indexOf('\r\n\r\n') + 4
  const content = response.chunked ? text.indexOf('\r\n', body) + 2 : body
  raw.socket!.write(text.slice(0, content + bytes), 'latin1')
  raw.socket!.destroySoon()
}

/** Sends the rest of a response, after which the connection stays open or closes as its head says. */
function endWith (raw: ServerResponse, response: HttpResponse, rest: string): void {
  if (textOf(raw, response) !== undefined) { writeResponse(raw, response, rest); return }
  raw.socket!.write(rest, 'latin1')
  raw.socket!.destroySoon()
}

function cut (raw: ServerResponse): void {
  if (raw.socket instanceof Socket) raw.socket.destroy()
  else raw.destroy(Object.assign(new Error('the connection was cut, as a scenario says'), { code: 'ECONNRESET' }))
}
