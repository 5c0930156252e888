import type { Message } from '../journal/entry.js'
import { endOf, errorCodeOf, mayBeRetried, objectOf, type Call } from './call.js'
import { held, references, violated, type Observation } from './observation.js'
import { endingPoll, type OperationStory } from './operation-story.js'
import type { Rule } from './rule.js'
import type { RunStory } from './run-story.js'
import { hasExited, type Exited } from './run.js'

/** A run command, or another request that starts an operation, that did not succeed as its client saw it. */
interface Failure {
  /** Such as `the operation was canceled`. */
  readonly what: string
  /** Codes of which the output must contain one; empty if Azure gave none. */
  readonly codes: readonly string[]
  readonly sequences: readonly number[]
}

export const reportsFailure: Rule = {
  id: 'R7',
  sentence: 'If Azure refuses a run command or another operation, or if that fails, is canceled or is lost, a client reports ' +
    "a failure: an exit code other than 0, and Azure's code in its output.",
  source: 'https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations',
  noted: 'A missing code is a warning. For a canceled operation, the word canceled suffices, as the SDK for JavaScript ' +
    'writes it; the SDK for Java says USER_CANCELLED.',
  observe (story) {
    const { command } = story.run
    if (!hasExited(command)) return []
    return failuresOf(story).map(failure => reported(failure, command))
  }
}

function failuresOf ({ calls, starts, operations, started }: RunStory): Failure[] {
  const sent = starts.flatMap(tries => {
    // A failure before a successful retry does not count.
    const last = tries.at(-1)!
    const { status } = last.entry
    if (status !== undefined && status < 400) return started.has(last) ? failureOf(started.get(last)!, calls) : []
    // The resource to delete does not exist, which is no failure.
    if (last.entry.method === 'DELETE' && status === 404) return []
    if (last.kind === 'change' && mayBeRetried(last) && isToldByResource(last, last, calls)) return []
    const name = last.kind === 'runCommand' ? 'the run command' : `${last.entry.operation ?? last.entry.method}`
    const [what, code] = status === undefined
      ? [`${name}'s connection broke`]
      : [`${name} was refused with ${endOf(last)}`, errorCodeOf(last)]
    return [{ what, codes: code === undefined ? [] : [code], sequences: [last.sequence] }]
  })
  return [...sent, ...operations.filter(({ start }) => start === undefined).flatMap(story => failureOf(story, calls))]
}

function failureOf ({ start, polls }: OperationStory, calls: readonly Call[]): Failure[] {
  const ending = endingPoll(polls)
  if (ending === undefined) {
    // A client that does not poll at all does not want to know the end.
    const last = polls.at(-1)?.call
    if (last === undefined || (start !== undefined && isToldByResource(start, last, calls))) return []
    return [{ what: 'no poll said how the operation ended', codes: [], sequences: [last.sequence] }]
  }
  const { outcome, call } = ending
  if (outcome === 'succeeded') return []
  const code = errorCodeOf(call)
  const codes = [...code === undefined ? [] : [code], ...outcome === 'canceled' ? ['canceled'] : []]
  const what = outcome === 'failed' ? 'the operation failed' : `the operation was ${outcome}`
  return [{ what, codes, sequences: [call.sequence] }]
}

/** Whether the client then checked that the resource which it wrote exists, or that the deleted one does not. */
function isToldByResource (start: Call, last: Call, calls: readonly Call[]): boolean {
  return calls.some(({ client, path, sentAt, entry: { method, status, response } }) =>
    method === 'GET' && path === start.path && client === start.client && sentAt >= last.answeredAt &&
    (start.entry.method === 'DELETE' ? status === 404 : hasSucceededState(response)))
}

function hasSucceededState (response: Message): boolean {
  const properties = objectOf(response)?.['properties']
  return typeof properties === 'object' && properties !== null && 'provisioningState' in properties &&
    properties.provisioningState === 'Succeeded'
}

function reported ({ what, codes, sequences }: Failure, { exitCode, output }: Exited): Observation {
  const at = `${what} (${references(sequences)})`
  if (exitCode === 0) return violated(`${at}, and the command exited with 0`, sequences)
  const lower = output.toLowerCase()
  if (codes.length > 0 && !codes.some(code => lower.includes(code.toLowerCase()))) {
    return violated(`${at}, and the command's output does not show the code ${codes[0]}`, sequences, 'warning')
  }
  return held(`${what}, and the command exited with ${exitCode}`, ...sequences)
}

export const showsStderr: Rule = {
  id: 'R8',
  sentence: "Where Azure reports success for a script that failed, the command's output shows the script's stderr.",
  source: 'https://github.com/Azure/azure-cli/issues/14425',
  observe (story) {
    const { command } = story.run
    if (command === undefined) return []
    return story.commands.flat().flatMap(call => {
      const { exitCode = 0, stderr = '' } = call.entry.command ?? {}
      const line = stderr.trim().split(/\r?\n/).at(-1)!.trim()
      if (exitCode === 0 || line === '' || !hasSucceeded(story, call)) return []
      if (shows(command.output, line)) return [held("the output shows the script's stderr", call.sequence)]
      return [violated(`the script exited with ${exitCode} and Azure reported success (#${call.sequence}): the command's ` +
        `output does not show the last line of its stderr, ${JSON.stringify(line)}`, [call.sequence])]
    })
  }
}

function hasSucceeded (story: RunStory, call: Call): boolean {
  return call.entry.status === 200 || endingPoll(story.started.get(call)?.polls ?? [])?.outcome === 'succeeded'
}

/** Whether the output has the line as it is, or escaped as in JSON, in which any character may be escaped. */
function shows (output: string, line: string): boolean {
  const unescaped = output.replaceAll(/\\u([\da-f]{4})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
  const inJson = JSON.stringify(line).slice(1, -1)
  return [line, inJson].some(each => output.includes(each) || unescaped.includes(each))
}
