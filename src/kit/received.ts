import { UsageError } from '../core/usage-error.js'
import type { JournalEntry } from '../journal/entry.js'
import { NotVerified } from '../journal/failures.js'
import { expectedBy } from '../journal/filter-members.js'
import { headerOf } from '../journal/message.js'
import { own, type Match } from '../matching/match.js'
import { checkedOptions } from './checked-options.js'
import type { TestSubscription } from './subscription.js'

export interface ReceivedOptions {
  /** The number of requests that must match: `1`, `1-`, `0` or `2-3`. Default: `1-`. */
  readonly times?: string
  /** The time to wait for them, in milliseconds of real time. Default: 0. */
  readonly timeout?: number
}

/** The result of a matcher. */
export interface Received {
  readonly pass: boolean
  /** What is wrong if it has not; with `not`, what is wrong if it has. */
  message (): string
  /** What the request that nearly matches sent, and what was expected, by the names of members. */
  readonly actual?: Readonly<Record<string, string | undefined>>
  readonly expected?: Readonly<Record<string, string>>
}

/** Checks what a subscription has received. Rejects with a `UsageError` for an argument that is not valid. */
export async function received (subscription: TestSubscription, match: Match,
  options: ReceivedOptions = {}): Promise<Received> {
  const { times, timeout } = checkedOptions(options, ['times', 'timeout'], 'toHaveReceived and assertReceived')
  if (typeof subscription?.verify !== 'function') {
    throw new UsageError('the receiver of requests must be a subscription: give the result of subscription() of the emulator')
  }
  const failed = await failureOf(subscription, match, times, timeout)
  if (failed === undefined) return { pass: true, message: await unexpected(subscription, match, times) }
  const [{ text, nearest: [nearest] }] = failed.failures as [NotVerified['failures'][number]]
  const entry = nearest && subscription.requests.list({ since: nearest.sequence - 1, top: 1 })[0]
  if (entry === undefined) return { pass: false, message: () => plain(text) }
  const expected = expectedBy(match, nearest!.differences)
  const actual = Object.fromEntries(Object.keys(expected).map(name => [name, sentIn(entry, name)]))
  return { pass: false, message: () => `${plain(text)}\n\n${diff(entry, actual, expected)}`, actual, expected }
}

async function failureOf (subscription: TestSubscription, match: Match, times: string | undefined,
  timeout?: number): Promise<NotVerified | undefined> {
  try {
    await subscription.verify([{ match, ...times !== undefined && { times } }], { timeout })
    return undefined
  } catch (error) {
    if (error instanceof NotVerified) return error
    throw error
  }
}

/** What is wrong if requests have come that should not have. */
async function unexpected (subscription: TestSubscription, match: Match,
  times: string | undefined): Promise<() => string> {
  if (times !== undefined) return () => `expected a number of requests other than ${times}, but that many match`
  const failed = await failureOf(subscription, match, '0')
  return () => plain(failed!.message)
}

/** The text without the number of the expectation: there is only one. */
function plain (text: string): string {
  return text.replace(/^expectation 1: /, '')
}

function diff ({ sequence }: JournalEntry, actual: NonNullable<Received['actual']>,
  expected: NonNullable<Received['expected']>): string {
  const lines = Object.entries(expected).flatMap(([name, value]) => [`- ${name}: ${value}`, `+ ${name}: ${actual[name] ?? '(nothing)'}`])
  return ['- Expected', `+ Sent in #${sequence}`, '', ...lines].join('\n')
}

/** What a request sent for a member, such as `script` or `header.Prefer`. */
function sentIn (entry: JournalEntry, name: string): string | undefined {
  const [group, member] = split(name)
  if (group === 'parameters') return own(entry.command?.parameters, member!)
  if (group === 'header') return headerOf(entry.request, member!)
  if (name === 'path') return new URL(entry.url).pathname
  return entry.command?.[name as 'script'] ?? entry[name as 'method']
}

/** Splits `parameters.name` and `header.name`, whose second part may contain dots. */
function split (name: string): [string, string?] {
  const dot = name.indexOf('.')
  return dot < 0 ? [name] : [name.slice(0, dot), name.slice(dot + 1)]
}
