import { held, references, violated, type Observation } from './observation.js'
import { byClient, endingPoll, type OperationStory, type Poll } from './operation-story.js'
import { gap, isTooEarly, TOLERANCE, waitOf } from './retry-after.js'
import type { Rule } from './rule.js'
import { hasExited } from './run.js'

const ASYNC_OPERATIONS = 'https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations'

/** Milliseconds to wait between polls without a Retry-After: the SDKs for Go and .NET wait at least this long. */
const SHORTEST_INTERVAL = 1000

export const usesUrlsVerbatim: Rule = {
  id: 'R4',
  sentence: 'A client polls the newest URL that it was given, unchanged: with its whole query and its case, up to 4 KB.',
  source: ASYNC_OPERATIONS,
  noted: "Azure's SDK for .NET replaces the api-version, and older SDKs for Go sort the query: both are warnings. The SDKs " +
    'for Go and Python keep the Azure-AsyncOperation of the first response.',
  observe ({ operations }) {
    return operations.flatMap(({ polls }) => polls.flatMap(poll => {
      const { call, told, change, isOutdated } = poll
      if (told === undefined) return []
      const sequences = [told.by.sequence, call.sequence]
      if (change === undefined) return [held('it polled the URL that it was given', ...sequences)]
      const did = isOutdated ? 'polled an older one' : change.text
      const header = told.kind === 'status' ? 'Azure-AsyncOperation' : 'Location'
      return [violated(`the client did not use the ${header} of #${told.by.sequence} as it is: it ${did} ` +
        `(#${call.sequence})`, sequences, isOutdated ? 'error' : change.severity)]
    }))
  }
}

export const pollsStatus: Rule = {
  id: 'R5',
  sentence: 'A client polls Azure-AsyncOperation where there is one, and then fetches the result from Location once.',
  source: ASYNC_OPERATIONS,
  noted: '@azure/arm-compute up to 16 and readers of properties.output do not fetch the result: a warning. The result of a ' +
    'power change or a deletion is empty, and need not be fetched.',
  observe ({ run, operations }) {
    return operations.flatMap(operation => {
      if (!operation.issued.some(({ kind }) => kind === 'status')) return []
      return byClient(operation.polls).flatMap(polls => statusThenResult(operation, polls, hasExited(run.command)))
    })
  }
}

function statusThenResult (operation: OperationStory, polls: readonly Poll[], isOver: boolean): Observation[] {
  const { id, issued, start } = operation
  const ending = endingPoll(polls.filter(({ kind }) => kind === 'status'))
  const end = ending === undefined ? polls.length : polls.indexOf(ending)
  // A client may use Location if it cannot get the status.
  const early = polls.slice(0, end).find(({ kind }, index) =>
    kind === 'result' && !polls.slice(0, index).some(({ outcome }) => ['refused', 'unclear', 'broken'].includes(outcome)))
  if (early !== undefined) {
    const { sequence } = early.call
    return [violated(`Location was polled (#${sequence}) although the response has Azure-AsyncOperation ` +
      `(#${issued[0]!.by.sequence}): poll that until the operation has ended`, [issued[0]!.by.sequence, sequence])]
  }
  if (ending?.outcome !== 'succeeded' || !issued.some(({ kind }) => kind === 'result')) {
    return ending === undefined ? [] : [held('it polled Azure-AsyncOperation', ending.call.sequence)]
  }
  const fetched = polls.slice(end + 1).filter(({ kind, outcome }) => kind === 'result' && outcome === 'succeeded')
  const sequences = [ending.call.sequence, ...fetched.map(({ call }) => call.sequence)]
  if (fetched.length > 1) {
    return [violated(`the result of operation ${id} was fetched ${fetched.length} times (${references(sequences.slice(1))}): ` +
      'once suffices', sequences)]
  }
  if (fetched.length === 1) return [held('it polled Azure-AsyncOperation, then fetched the result once', ...sequences)]
  if (start?.kind === 'change') return [held('it polled Azure-AsyncOperation', ...sequences)]
  if (!isOver || polls.slice(end + 1).some(({ kind }) => kind === 'result')) return []
  return [violated(`operation ${id} succeeded (#${ending.call.sequence}), and its result was not fetched from Location`,
    sequences, 'warning')]
}

/** For operations in progress. R1 judges the waits after refusals. */
export const pollsAsTold: Rule = {
  id: 'R6',
  sentence: 'A client does not poll an operation in progress more often than Retry-After says, or twice within ' +
    `${SHORTEST_INTERVAL / 1000} s where it says nothing.`,
  source: ASYNC_OPERATIONS,
  noted: "It applies after the first poll: Azure's SDKs for JavaScript and Python send that at once, whatever the 202 says.",
  observe ({ run, operations }) {
    if (run.clock === 'virtual') return []
    return operations.flatMap(({ polls }) => byClient(polls).flatMap(ofClient =>
      (['status', 'result'] as const).flatMap(kind => pollsOfOneUrl(ofClient.filter(poll => poll.kind === kind)))))
  }
}

function pollsOfOneUrl (polls: readonly Poll[]): Observation[] {
  return polls.slice(0, -1).flatMap((poll, index) => {
    if (!['inProgress', 'unclear'].includes(poll.outcome)) return []
    const wait = waitOf(poll.call)
    if (wait !== undefined && wait.ms <= TOLERANCE) return []
    // The SDK for JavaScript of 2023 polls twice at once, which is harmless without a Retry-After.
    const next = polls[index + (wait === undefined ? 2 : 1)]
    if (next === undefined || next.call.sentAt < poll.call.answeredAt) return []
    const least = wait ?? { ms: SHORTEST_INTERVAL, header: 'no Retry-After' }
    const sequences = [poll.call.sequence, next.call.sequence]
    const waited = gap(poll.call, next.call)
    if (!isTooEarly(next.call, poll.call, least)) return [held(`it waited ${waited} after ${least.header}`, ...sequences)]
    const said = wait === undefined
      ? `polled twice more within ${waited} without a Retry-After (${references(sequences)}): wait a second between polls`
      : `polled again ${waited} after ${wait.header} (${references(sequences)}): wait at least ${wait.ms} ms`
    return [violated(`the operation was ${said}`, sequences)]
  })
}
