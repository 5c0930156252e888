import { endOf, mayBeRetried, type Call } from './call.js'
import { held, references, violated, type Observation } from './observation.js'
import { gap, isStandard, isTooEarly, waitOf, type Wait } from './retry-after.js'
import type { Rule } from './rule.js'
import type { RunStory } from './run-story.js'
import { hasExited } from './run.js'
import { nextTryIn } from './tries.js'

/** The most tries of a good client. Azure's SDKs make 4 by default, Terraform's provider up to 9. */
const MOST_TRIES = 10

/** For refusals. R6 judges the polls of operations in progress. */
export const waits: Rule = {
  id: 'R1',
  sentence: 'A client that tries again waits for at least as long as Retry-After says.',
  source: 'https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling',
  noted: 'If there are several headers, the shortest wait counts. Ignoring a lone retry-after-ms, which some SDKs do not ' +
    "know, is a warning; Java's SDK for Resource Manager does not know dates either.",
  observe ({ run, tries }) {
    if (run.clock === 'virtual') return []
    return tries.flatMap(calls => {
      const nextTry = nextTryIn(calls)
      return calls.flatMap((call, index) => {
        const wait = call.entry.status! >= 400 ? waitOf(call) : undefined
        return wait === undefined ? [] : waited(call, wait, nextTry(index))
      })
    })
  }
}

function waited (call: Call, wait: Wait, next: Call | undefined): Observation[] {
  if (next === undefined) return []
  const sequences = [call.sequence, next.sequence]
  if (!isTooEarly(next, call, wait)) return [held(`it waited ${gap(call, next)} after ${wait.header}`, ...sequences)]
  return [violated(`${nameOf(call)} was sent again ${gap(call, next)} after ${endOf(call)} with ${wait.header} ` +
    `(${references(sequences)}): wait at least ${wait.ms} ms`, sequences, isStandard(wait) ? 'error' : 'warning')]
}

/** A client cannot see whether the script began: it may have, if the service failed or the response is incomplete. */
export const runsOnce: Rule = {
  id: 'R2',
  sentence: 'A client does not send a run command again once it may have begun, unless a 429 or 409 refused it.',
  source: 'https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2',
  noted: "Azure's guidelines for SDKs ask clients to try again after a network failure, whatever the method: " +
    'https://azure.github.io/azure-sdk/general_azurecore.html#retry-policy. The SDKs for JavaScript, Go and Java do, and ' +
    'also after 408, 500, 502, 503 and 504; the SDK for Python does only after 500, 503 and 504.',
  observe (story) {
    return story.commands.flatMap(calls => {
      const nextTry = nextTryIn(calls)
      return calls.flatMap((call, index) => {
        const next = nextTry(index)
        if (!mayHaveBegun(call)) return next === undefined ? [] : lostAnswer(story, call, next)
        if (next === undefined) return [held(`it did not send runCommand again after ${endOf(call)}`, call.sequence)]
        return [sentAgain(call, next)]
      })
    })
  }
}

function mayHaveBegun (call: Call): boolean {
  return mayBeRetried(call) && call.entry.status !== 429
}

function sentAgain (call: Call, next: Call): Observation {
  const sequences = [call.sequence, next.sequence]
  const after = `runCommand was sent again ${gap(call, next)} after ${endOf(call)} (${references(sequences)})`
  const hasBegun = call.entry.operationId !== undefined
  if (hasBegun && next.entry.operationId !== undefined) {
    return violated(`${after}: the script ran twice on ${call.entry.vmName}`, sequences)
  }
  if (hasBegun) return violated(`${after}, although the script had begun on ${call.entry.vmName}`, sequences)
  return violated(`${after}: on Azure the script may have begun`, sequences,
    call.entry.status === undefined ? 'error' : 'warning')
}

/** The same request again after a 202 that the client ignored, as if it had not arrived. */
function lostAnswer ({ started }: RunStory, call: Call, next: Call): Observation[] {
  const { clientRequestId, status } = call.entry
  if (status !== 202 || clientRequestId === undefined || clientRequestId !== next.entry.clientRequestId) return []
  if ((started.get(call)?.polls.length ?? 0) > 0) return []
  return [sentAgain(call, next)]
}

export const givesUp: Rule = {
  id: 'R13',
  sentence: 'A client gives up after a bounded number of tries.',
  source: 'https://learn.microsoft.com/azure/architecture/antipatterns/retry-storm/',
  noted: `More than ${MOST_TRIES} tries in a row count as unbounded. Azure's SDKs make 4 by default.`,
  observe ({ run, tries, operations }) {
    const unclear = new Set(operations.flatMap(({ polls }) =>
      polls.filter(({ outcome }) => outcome === 'unclear').map(({ call }) => call)))
    const isFailure = (call: Call) => mayBeRetried(call) || call.entry.status === 401 || unclear.has(call)
    return tries.flatMap(calls => failuresInARow(calls, isFailure).flatMap(({ failures, isLast }) => {
      const sequences = [failures[0]!.sequence, failures.at(-1)!.sequence]
      const count = failures.length
      if (count > MOST_TRIES) {
        return [violated(`${nameOf(failures[0]!)} failed ${count} times in a row and was tried on ` +
          `(#${sequences[0]} to #${sequences[1]}): give up after a few tries`, failures.map(({ sequence }) => sequence))]
      }
      if (!isLast || !hasExited(run.command)) return []
      return [held(`it gave up after ${count === 1 ? 'one try' : `${count} tries`}`, ...new Set(sequences))]
    }))
  }
}

interface Series {
  readonly failures: readonly Call[]
  /** Whether no try came after the series. */
  readonly isLast: boolean
}

/** If two requests have the same next try, it belongs to the longer series. */
function failuresInARow (calls: readonly Call[], isFailure: (call: Call) => boolean): Series[] {
  const nextTry = nextTryIn(calls)
  const before = new Map<Call, Call[]>()
  return calls.flatMap((call, index) => {
    if (!isFailure(call)) return []
    const failures = before.get(call) ?? []
    failures.push(call)
    const next = nextTry(index)
    if (next === undefined || !isFailure(next)) return [{ failures, isLast: next === undefined }]
    if (failures.length > (before.get(next)?.length ?? 0)) before.set(next, failures)
    return []
  })
}

function nameOf ({ kind, entry }: Call): string {
  const names = { runCommand: 'runCommand', poll: 'a poll', token: 'a token request', change: '', resource: '', other: '' }
  return names[kind] || `${entry.operation ?? entry.method}`
}
