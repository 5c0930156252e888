import type { Clock } from '../../time/clock.js'
import { NeverIdle, VirtualClock } from '../../time/virtual-clock.js'
import { AdminError } from '../errors.js'
import type { AdminRequest, Handlers, Services } from '../handler-types.js'

type Move = AdminRequest<'Clock_Move'>['body']

/** Lets tests see and move a virtual clock. */
export function clockHandlers ({ clock }: Pick<Services, 'clock'>): Pick<Handlers, 'Clock_Get' | 'Clock_Move'> {
  return {
    Clock_Get: () => ({ body: stateOf(clock) }),
    Clock_Move: async ({ body }) => {
      if (!(clock instanceof VirtualClock)) {
        throw new AdminError(409, 'only a virtual clock can be moved, and this azrun does not have one: start it with --clock virtual')
      }
      await move(clock, body).catch((error: unknown) => { throw refusalOf(error, body) })
      return { body: stateOf(clock) }
    }
  }
}

function stateOf (clock: Clock) {
  const now = clock.now().toISOString()
  return clock instanceof VirtualClock
    ? { mode: 'virtual', now, next: clock.next()?.toISOString() }
    : { mode: 'system', now }
}

async function move (clock: VirtualClock, { advance, to, until }: Move): Promise<void> {
  if (advance !== undefined) await clock.advance(advance)
  else if (to !== undefined) await clock.advanceTo(dateOf(to))
  else if (until === 'next') await clock.untilNext()
  else await clock.untilIdle()
}

/** An invalid date for a day that its month does not have. `Date` itself would count into the next month. */
function dateOf (time: string): Date {
  const date = new Date(time)
  return date.getUTCDate() === Number(time.slice(8, 10)) ? date : new Date(NaN)
}

function refusalOf (error: unknown, body: Move): unknown {
  if (error instanceof NeverIdle) return new AdminError(409, error.message)
  if (!(error instanceof RangeError)) return error
  const [[target, value]] = Object.entries(body) as [[string, unknown]]
  return new AdminError(400, `'${target}' must not be ${JSON.stringify(value)}: ${error.message}`, { target })
}
