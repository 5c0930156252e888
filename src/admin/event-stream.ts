import { Readable } from 'node:stream'
import type { EventLog, JournalEvent } from '../journal/event-log.js'
import { systemClock } from '../time/clock.js'

export interface EventStreamOptions {
  /** The id of the last event that the reader has. Undefined: only new events. */
  readonly after?: number | undefined
  /** The most bytes to buffer for the reader. Default: 1 MB. */
  readonly limit?: number
  /** The interval of comments that keep the connection alive, in milliseconds. Default: 15 seconds. */
  readonly heartbeat?: number
}

const SLOW = ': this reader is slower than the events; connect again with Last-Event-ID for those that are kept\n\n'

/**
 * Events as text/event-stream. Kept events follow as fast as the reader takes them. A reader that then lets more than
 * the limit wait is cut off with a comment; browsers reconnect by themselves. The stream ends when azrun closes.
 */
export function eventStream (events: EventLog, options: EventStreamOptions): Readable {
  const { after, limit = 1024 * 1024, heartbeat = 15_000 } = options
  const over = new AbortController()
  let isLive = after === undefined
  let last = after ?? 0
  const end = () => {
    stop()
    over.abort()
    stream.push(null)
  }
  const sendKept = () => {
    for (const event of events.keptAfter(last)) {
      last = event.id
      if (!stream.push(textOf(event))) return
    }
    isLive = true
  }
  const send = (event: JournalEvent) => {
    if (!isLive) return
    stream.push(textOf(event))
    if (stream.readableLength <= limit) return
    stream.push(SLOW)
    end()
  }
  const stop = events.follow(send, end)
  const stream = new Readable({
    // Kept events take half of the limit, to leave room for new ones.
    highWaterMark: limit / 2,
    read () { if (!isLive && !over.signal.aborted) sendKept() },
    destroy (error, done) {
      stop()
      over.abort()
      done(error)
    }
  })
  stream.push('retry: 1000\n\n')
  beat(stream, heartbeat, over.signal)
  return stream
}

/** Sends comments until the signal aborts. */
function beat (stream: Readable, ms: number, signal: AbortSignal): void {
  systemClock.sleep(ms, signal).then(() => {
    stream.push(': heartbeat\n\n')
    beat(stream, ms, signal)
  }, () => {})
}

function textOf ({ id, event, data }: JournalEvent): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}
