import type { Finding, JournalCommand, JournalEntry, Poll } from './entry.js'
import type { SentCommand } from '../scenarios/command.js'
import { JournalCall } from './journal-call.js'
import type { Facts } from './kept-request.js'
import { headersOf, parseResponse } from './message.js'

/** The polls of operations by operation, oldest first. */
export type PollsOf = (operationId: string) => readonly Poll[]

/** What is wrong with a request, or with its response. `isShaped`: whether scenarios may have shaped the response. */
export type FindingsOf = (entry: Omit<JournalEntry, 'findings'>, isShaped: boolean) => readonly Finding[]

/** A kept request as the journal shows it. */
export function entryOf (call: JournalCall, pollsOf: PollsOf, findingsOf: FindingsOf): JournalEntry {
  const { entry: kept, head, operationId, command } = call
  const { sequence, time, durationMs, operation, status, scenarios, hasBody, run, isCut } = kept
  const entry: Omit<JournalEntry, 'findings'> = {
    sequence,
    time: new Date(time).toISOString(),
    durationMs,
    operation,
    method: head.method,
    url: head.url,
    status,
    ...isCut && { isCut: true as const },
    subscriptionId: call.subscriptionId,
    resourceGroup: call.resourceGroup,
    vmName: call.vmName,
    clientRequestId: call.clientRequestId,
    userAgent: call.userAgent,
    scenario: scenarios?.join(','),
    leniencies: [...kept.leniencies ?? []],
    request: { headers: headersOf(head.headers), ...hasBody && { body: kept.body() } },
    response: status === undefined ? { headers: {} } : parseResponse(kept.response()),
    ...command !== undefined && { command: commandOf(call, command) },
    operationId,
    ...run !== undefined && { polls: pollsOf(run.operationId) }
  }
  return { ...entry, findings: findingsOf(entry, isShaped(call)) }
}

/** What shapes an operation shapes its polls, too; so may what is not known any more. */
function isShaped ({ scenarios, polled, start }: JournalCall): boolean {
  return scenarios.length > 0 || (polled !== undefined && (start === undefined || start.scenarios.length > 0))
}

/** The polls of all operations among these requests. */
export function collectPolls (calls: Iterable<JournalCall>): PollsOf {
  const polls = new Map<string, Poll[]>()
  for (const { polled, entry: { time, status } } of calls) {
    if (polled === undefined) continue
    const poll = { time: new Date(time).toISOString(), ...status !== undefined && { status } }
    const others = polls.get(polled)
    if (others === undefined) polls.set(polled, [poll])
    else others.push(poll)
  }
  return operationId => polls.get(operationId) ?? []
}

/** Of a managed run command with its name. */
function commandOf ({ entry, runCommandName: name }: JournalCall, sent: SentCommand): JournalCommand {
  const { commandId, script, parameters = {} } = sent
  return {
    ...commandId !== undefined && { commandId },
    ...name !== undefined && { name },
    ...script !== undefined && { script },
    parameters,
    ...endOf(entry)
  }
}

function endOf ({ run }: Facts): Partial<JournalCommand> {
  if (run?.output === undefined) return {}
  const { exitCode, output, queuedMs, ranMs } = run
  return { exitCode, ...output, queuedMs, ranMs }
}
