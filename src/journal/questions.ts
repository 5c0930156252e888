import { NotVerified, type Lack } from './failures.js'
import { describe } from './filter-members.js'
import { nearMisses } from './near-misses.js'
import { compileFilter, onlySubscription, type JournalFilter } from './query.js'
import { Verification, type Expectation } from './verify.js'
import type { Waiting, WaitOptions } from './waiting.js'

/** Which requests count. */
interface Within {
  /** Only those of this subscription, also for near misses. Default: the only one that can match, if any. */
  readonly within?: string
}

export interface WaitForOptions extends Partial<WaitOptions>, Within {
  readonly count?: number
}

export interface VerifyOptions extends Partial<WaitOptions>, Within {
  /** Whether the requests must have come in the order of the expectations. Default: false. */
  readonly inOrder?: boolean
}

/** Resolves once there are `count` matching requests, or at the end of the time, to what is lacking. */
export async function untilFound (waiting: Waiting, filter: JournalFilter,
  options: WaitForOptions): Promise<Lack | undefined> {
  const { count = 1, timeout = 10_000, signal, within = onlySubscription(filter) } = options
  const matches = compileFilter(within === undefined ? filter : { ...filter, subscriptionId: within })
  let found = 0
  await waiting.visit({
    within,
    timeout,
    signal,
    visit: call => { if (matches(call)) found++ },
    isMet: () => found >= count
  })
  if (found >= count) return undefined
  const { calls, isClosed } = waiting
  const [nearest = []] = await nearMisses([filter], calls, { within, signal })
  return { total: found, evicted: calls.evicted, count, timeout, isClosed, nearest, sought: describe(filter) }
}

/** Resolves once all expectations are met. Rejects with a `NotVerified` at the end of the time. */
export async function verify (waiting: Waiting, expectations: readonly Expectation[],
  options: VerifyOptions): Promise<void> {
  const { inOrder, timeout = 0, signal } = options
  const verification = new Verification(expectations, { inOrder })
  const { within = commonSubscription(expectations) } = options
  await waiting.visit({
    within,
    timeout,
    signal,
    visit: call => verification.add(call),
    isMet: () => verification.isMet
  })
  if (verification.isMet) return
  const { calls } = waiting
  const lacking = verification.lacking.map(({ match }) => match)
  const nearest = await nearMisses(lacking, calls, { within, signal })
  throw new NotVerified(verification.failures(nearest, calls.evicted), calls.evicted)
}

/** The only subscription whose requests can meet the expectations, if all name the same one. */
function commonSubscription (expectations: readonly Expectation[]): string | undefined {
  const ids = new Set(expectations.map(({ match }) => onlySubscription(match)?.toLowerCase()))
  return ids.size === 1 ? [...ids][0] : undefined
}
