import { NONE_KEPT } from '../../journal/journal.js'
import { AdminError } from '../errors.js'
import { eventStream } from '../event-stream.js'
import type { Handlers, Services } from '../handler-types.js'

const NO_REQUESTS = `: ${NONE_KEPT}; the events are those of operations, scenarios and resets\n\n`

/** Streams what happens: requests, operations, scenarios and resets. */
export function eventHandlers ({ events, journal }: Pick<Services, 'events' | 'journal'>): Pick<Handlers, 'Events_Stream'> {
  return {
    Events_Stream: ({ raw }) => {
      const sent = lastEventId(raw.headers['last-event-id'])
      // An id that azrun has not reached is from before its restart: the reader has none of its events.
      const after = sent !== undefined && sent > journal.lastEventId ? 0 : sent
      const stream = eventStream(events, { after })
      if (!journal.isOn) stream.push(NO_REQUESTS)
      // Without this, a connection could stay half open until the next event.
      raw.raw.socket.once('end', () => stream.destroy())
      return { body: stream, type: 'text/event-stream', headers: { 'cache-control': 'no-cache' } }
    }
  }
}

function lastEventId (value: string | string[] | undefined): number | undefined {
  if (value === undefined || value === '') return undefined
  if (/^\d{1,15}$/.test(`${value}`)) return Number(value)
  throw new AdminError(400, `'Last-Event-ID' must be the id of an event, not '${value}'`, { target: 'Last-Event-ID' })
}
