import type { FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { then, type MaybePromise } from '../../core/maybe-promise.js'
import { messages, type OperationEvent } from '../../logging/events.js'
import { runsCommand } from '../../matching/operation-kinds.js'
import type { Operation } from '../../operations/operation.js'
import type { ScriptRun } from '../../operations/script-run.js'

/** An operation that a request has started. */
export interface LoggedOperation {
  /** The machine, scale set or resource group. */
  readonly targetName: string
  /** Only for a script. */
  readonly scriptRun?: ScriptRun
  /** Resolves to undefined if the script never ran. */
  readonly ended: MaybePromise<Operation | undefined>
}

/** The status of the response to the starting request, or `async` for an asynchronous script. */
type Status = number | 'async'

/** Logs an operation or a script when it has ended. */
export function logOperation (log: Pick<Logger, 'info'>, request: FastifyRequest, status: Status,
  { targetName: vm, scriptRun, ended }: LoggedOperation): void {
  const { method, operation: { action, operationId } = {} } = request
  const { runCommandName: name } = request.params as { readonly runCommandName?: string }
  const command = scriptRun?.document?.id
  const done = command === undefined && method === 'POST' ? { action: action!.split('/').at(-2)! } : {}
  const logged = then(ended, operation => {
    if (operation === undefined || operation.status === 'InProgress') return
    const { id, status: outcome, startTime, endTime } = operation
    const exitCode = scriptRun?.exitCode
    const event: OperationEvent = {
      method,
      vm,
      ...command !== undefined && { command },
      ...name !== undefined && { name },
      ...done,
      ...status === 'async' ? { async: true } : { status },
      operation: id,
      outcome,
      ...operation.status !== 'Succeeded' ? { error: operation.error } : exitCode !== undefined && { exitCode },
      ms: endTime - startTime
    }
    log.info(event, runsCommand(operationId!) ? messages.runCommand : messages.operation)
  })
  // If the store fails, the requests that need it report that.
  Promise.resolve(logged).catch(() => {})
}
