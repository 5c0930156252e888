import type { SentCommand } from '../matching/command.js'
import type { Finding, JournalCommand, JournalEntry, Poll } from './entry.js'
import { JournalCall } from './journal-call.js'
import type { Facts } from './kept-request.js'
import { headersOf, parseResponse } from './message.js'

/** Returns the polls of an operation, oldest first. */
export type PollsOf = (operationId: string) => readonly Poll[]

/** Returns the mistakes in a request or its response. `isShaped`: whether scenarios may have changed the response. */
export type FindingsOf = (entry: Omit<JournalEntry, 'findings'>, isShaped: boolean) => readonly Finding[]

/** Converts a call to an entry. */
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

/** A scenario on an operation also changes its polls. If the journal no longer has the start, one may have. */
function isShaped ({ scenarios, polled, start }: JournalCall): boolean {
  return scenarios.length > 0 || (polled !== undefined && (start === undefined || start.scenarios.length > 0))
}

/** The command of an entry; a managed one has a name. */
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
