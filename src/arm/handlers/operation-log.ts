import type { FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { then, type MaybePromise } from '../../core/maybe-promise.js'
import type { Operation } from '../../core/operation.js'
import type { EndedRun } from '../../core/recent-runs.js'
import { messages, type OperationEvent } from '../../logging/events.js'
import { runsCommand } from '../../scenarios/command.js'

/** What a request has started. */
export interface LoggedOperation {
  /** What people call that which the operation is done to. */
  readonly vmName: string
  /** What it runs, and how that ends. */
  readonly noted: Pick<EndedRun, 'exitCode'> & { readonly document?: { readonly id: string } | undefined }
  readonly ended: MaybePromise<Operation>
}

/** Logs an operation when it has ended. `status` is that of the response to the request that started it. */
export function logOperation (log: Pick<Logger, 'info'>, request: FastifyRequest, status: number,
  { vmName: vm, noted, ended }: LoggedOperation): void {
  const { method, operation: { action, operationId } = {} } = request
  const { runCommandName: name } = request.params as { readonly runCommandName?: string }
  const command = noted.document?.id
  const done = command === undefined && method === 'POST' ? { action: action!.split('/').at(-2)! } : {}
  const logged = then(ended, operation => {
    if (operation.status === 'InProgress') return
    const { id, status: outcome, startTime, endTime } = operation
    const { exitCode } = noted
    const event: OperationEvent = {
      method,
      vm,
      ...command !== undefined && { command },
      ...name !== undefined && { name },
      ...done,
      status,
      operation: id,
      outcome,
      ...operation.status !== 'Succeeded' ? { error: operation.error } : exitCode !== undefined && { exitCode },
      ms: endTime - startTime
    }
    log.info(event, runsCommand(operationId!) ? messages.runCommand : messages.operation)
  })
  // If the store fails, the requests that need it say so.
  Promise.resolve(logged).catch(() => {})
}
