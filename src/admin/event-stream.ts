import { Readable } from 'node:stream'
import type { EventLog } from '../journal/event-log.js'
import type { JournalEvent } from '../journal/events.js'
import { systemClock } from '../time/clock.js'
import { othersFirst } from '../time/turns.js'

export interface EventStreamOptions {
  /** The id of the last event that the reader has. Undefined: only new events. */
  readonly after?: number | undefined
  /** The most bytes to buffer for the reader. Default: 1 MB. */
  readonly limit?: number
  /** The interval of comments that keep the connection alive, in milliseconds. Default: 15 seconds. */
  readonly heartbeat?: number
}

/** The bytes of kept events to send before others get a turn. */
const PART = 32 * 1024

const SLOW = ': this reader is slower than the events; connect again with Last-Event-ID for those that are kept\n\n'

/**
 * Events as text/event-stream. Kept events follow as fast as the reader takes them. A reader that then lets more than
 * the limit wait is cut off with a comment; browsers reconnect by themselves. The stream ends when azrun closes.
 */
export function eventStream (events: EventLog, options: EventStreamOptions): Readable {
  const { after, limit = 1024 * 1024, heartbeat = 15_000 } = options
  const over = new AbortController()
  let isLive = after === undefined
  const end = () => {
    stop()
    over.abort()
    stream.push(null)
  }
  const kept = keptEvents(events, after ?? 0)
  const sendKept = () => {
    let sent = 0
    while (!isLive && !over.signal.aborted) {
      const { value: event, done } = kept.next()
      if (done === true) { isLive = true; return }
      const bytes = bytesOf(event)
      sent += bytes.length
      if (!stream.push(bytes) || sent > PART) return
    }
  }
  const send = (event: JournalEvent) => {
    if (!isLive) return
    stream.push(bytesOf(event))
    if (stream.readableLength <= limit) return
    stream.push(SLOW)
    end()
  }
  const stop = events.follow(send, end)
  const stream = new Readable({
    // Kept events take half of the limit, to leave room for new ones.
    highWaterMark: limit / 2,
    read () { if (!isLive) othersFirst().then(sendKept, () => {}) },
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

/** The kept events after an id, and those that come before the last one is taken. */
function * keptEvents (events: EventLog, after: number): IterableIterator<JournalEvent> {
  for (let last = -1; after > last;) {
    last = after
    for (const event of events.keptAfter(last)) {
      after = event.id
      yield event
    }
  }
}

/** Written once for all readers, whose buffers share it. */
const written = new WeakMap<JournalEvent, Buffer>()

function bytesOf (event: JournalEvent): Buffer {
  const { id, event: name, data } = event
  const bytes = written.get(event) ?? Buffer.from(`id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
  written.set(event, bytes)
  return bytes
}
