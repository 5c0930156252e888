import type { Finding, JournalCommand, JournalEntry, Poll } from './entry.js'
import { JournalCall } from './journal-call.js'
import type { KeptRequest } from './kept-request.js'
import { headersOf, parseResponse } from './message.js'

/** The polls of operations by operation, oldest first. */
export type PollsOf = (operationId: string) => readonly Poll[]

/** A kept request as the journal shows it. */
export function entryOf (call: JournalCall, pollsOf: PollsOf): JournalEntry {
  const { entry, head, operationId, command } = call
  const { sequence, time, durationMs, operation, status, scenarios, body, response, run } = entry
  const leniencies = [...entry.leniencies ?? []]
  return {
    sequence,
    time: new Date(time).toISOString(),
    durationMs,
    operation,
    method: head.method,
    url: head.url,
    status,
    subscriptionId: call.subscriptionId,
    resourceGroup: call.resourceGroup,
    vmName: call.vmName,
    clientRequestId: call.clientRequestId,
    userAgent: call.userAgent,
    scenario: scenarios?.join(','),
    findings: leniencies.map(findingOf),
    leniencies,
    request: { headers: headersOf(head.headers), ...body !== undefined && { body } },
    response: response === '' ? { headers: {} } : parseResponse(response),
    ...command !== undefined && { command: { ...command, ...endOf(entry) } },
    operationId,
    ...run !== undefined && { polls: pollsOf(run.operation.id) }
  }
}

/** The polls of all operations among these requests. */
export function collectPolls (calls: Iterable<JournalCall>): PollsOf {
  const polls = new Map<string, Poll[]>()
  for (const { polled, entry: { time, status } } of calls) {
    if (polled === undefined) continue
    const id = polled.toLowerCase()
    const poll = { time: new Date(time).toISOString(), ...status !== undefined && { status } }
    const others = polls.get(id)
    if (others === undefined) polls.set(id, [poll])
    else others.push(poll)
  }
  return operationId => polls.get(operationId) ?? []
}

function findingOf (leniency: string): Finding {
  return {
    rule: 'contract',
    severity: 'warning',
    message: `Azure takes this body although its ${leniency} is not as the contract says`,
    path: 'request.body'
  }
}

function endOf ({ run }: KeptRequest): Partial<JournalCommand> {
  if (run === undefined) return {}
  const { operation: { startTime }, ended: { exitCode, output, beganAt, endedAt } } = run
  if (beganAt === undefined || endedAt === undefined) return {}
  return { exitCode, ...output, queuedMs: beganAt - startTime, ranMs: endedAt - beganAt }
}
