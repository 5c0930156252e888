import { Readable } from 'node:stream'
import { systemClock } from '../core/clock.js'
import type { EventLog, JournalEvent } from '../journal/event-log.js'

export interface EventStreamOptions {
  /** The id of the last event that the reader has. Undefined: only what happens from now on. */
  readonly after?: number | undefined
  /** Bytes that may wait for the reader. Default: 1 MB. */
  readonly limit?: number
  /** Milliseconds between two comments that show that the connection is alive. Default: 15 seconds. */
  readonly heartbeat?: number
}

const SLOW = ': this reader is slower than the events; connect again with Last-Event-ID for those that are kept\n\n'

/**
 * Events as text/event-stream. A reader that lets more than the limit wait is cut off with a comment; a browser then
 * connects again by itself. The stream ends when azrun closes.
 */
export function eventStream (events: EventLog, options: EventStreamOptions): Readable {
  const { after, limit = 1024 * 1024, heartbeat = 15_000 } = options
  const over = new AbortController()
  let stop = () => {}
  const stream = new Readable({
    highWaterMark: limit,
    read () {},
    destroy (error, done) {
      stop()
      over.abort()
      done(error)
    }
  })
  const end = () => {
    stop()
    over.abort()
    stream.push(null)
  }
  const send = (event: JournalEvent) => {
    if (over.signal.aborted) return
    stream.push(textOf(event))
    if (stream.readableLength <= limit) return
    stream.push(SLOW)
    end()
  }
  stream.push('retry: 1000\n\n')
  stop = events.follow(send, { after, onClose: end })
  if (over.signal.aborted) stop()
  beat(stream, heartbeat, over.signal)
  return stream
}

/** Comments until the signal aborts. */
function beat (stream: Readable, ms: number, signal: AbortSignal): void {
  systemClock.sleep(ms, signal).then(() => {
    stream.push(': heartbeat\n\n')
    beat(stream, ms, signal)
  }, () => {})
}

function textOf ({ id, event, data }: JournalEvent): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}
