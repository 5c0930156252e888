import { endOf, mayBeRetried, type Call } from './call.js'
import { held, references, violated, type Observation } from './observation.js'
import { byClient, endingPoll, type OperationStory, type Poll } from './operation-story.js'
import { waitOf } from './retry-after.js'
import type { Rule } from './rule.js'
import type { RunStory } from './run-story.js'
import { hasExited } from './run.js'

export const ends: Rule = {
  id: 'R3',
  sentence: 'A client ends: after an operation has ended, it sends only one more request for it, to get the result, and ' +
    'it does not wait forever.',
  source: 'https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations',
  noted: "Azure's guidelines for SDKs leave time limits to the program: the SDKs for JavaScript and Go have none.",
  observe (story) {
    const polling = story.operations.flatMap(operation =>
      byClient(operation.polls).flatMap(polls => afterTheEnd(operation, polls)))
    return [...polling, ...hang(story)]
  }
}

function afterTheEnd ({ id }: OperationStory, polls: readonly Poll[]): Observation[] {
  const ending = endingPoll(polls)
  if (ending === undefined) return []
  const later = polls.slice(polls.indexOf(ending) + 1).filter(({ call }) => call.sentAt >= ending.call.answeredAt)
  const extra = later.filter((poll, index) => !isResultFetch(ending, poll, later.slice(0, index)))
  const { sequence } = ending.call
  if (extra.length === 0) return [held(`it stopped polling once operation ${id} had ${endedAs(ending)}`, sequence)]
  const sequences = [sequence, ...extra.map(({ call }) => call.sequence)]
  const times = extra.length === 1 ? 'once more' : `${extra.length} times more`
  return [violated(`operation ${id} was polled ${times} after it had ${endedAs(ending)} ` +
    `(${references(sequences)}): stop at a terminal status`, sequences)]
}

/** After success, R5 counts these. After any other end, a client may send one, and retry it. */
function isResultFetch (ending: Poll, poll: Poll, earlier: readonly Poll[]): boolean {
  if (poll.kind !== 'result' || ending.kind !== 'status') return false
  return ending.outcome === 'succeeded' ||
    !earlier.some(({ kind, call }) => kind === 'result' && !mayBeRetried(call))
}

function endedAs ({ outcome, call }: Poll): string {
  return outcome === 'lost' ? `ended with ${call.entry.status}` : outcome
}

/** A client that had to be stopped, unless Azure told it to wait, or it was still retrying, which R13 judges. */
function hang ({ run: { command }, calls }: RunStory): Observation[] {
  if (command === undefined || hasExited(command)) return []
  const after = `the command was still running after ${command.stoppedAfterMs / 1000} s`
  const last = calls.toSorted((one, other) => one.answeredAt - other.answeredAt).at(-1)
  if (last === undefined) return [violated(`${after} and had sent nothing`, [])]
  if (isToldToWait(last)) return []
  const since = last.entry.status === undefined
    ? `nothing was sent after the connection of #${last.sequence} broke or stalled: set a timeout`
    : `its last call had ${endOf(last)} (#${last.sequence})`
  return [violated(`${after}, and ${since}`, [last.sequence])]
}

function isToldToWait (last: Call): boolean {
  const { status } = last.entry
  if (status === undefined) return false
  return mayBeRetried(last) || waitOf(last) !== undefined || status === 202 ||
    (last.kind === 'poll' && /"status":\s*"(?:InProgress|Running)"/i.test(last.entry.response.body ?? ''))
}
