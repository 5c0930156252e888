import type { Logger } from 'pino'
import { then, type MaybePromise } from '../../core/maybe-promise.js'
import type { Operation } from '../../core/operation.js'
import type { EndedRun } from '../../core/recent-runs.js'
import { messages, type RunCommandEvent } from '../../logging/events.js'

/** Logs a run command when its operation has ended. `facts.status` is that of the response to the action. */
export function logRunCommand (log: Pick<Logger, 'info'>,
  facts: Pick<RunCommandEvent, 'method' | 'vm' | 'command' | 'status'>, run: EndedRun, ended: MaybePromise<Operation>): void {
  const logged = then(ended, operation => {
    if (operation.status === 'InProgress') return
    const { id, status: outcome, startTime, endTime } = operation
    const event: RunCommandEvent = {
      ...facts,
      operation: id,
      outcome,
      ...operation.status === 'Succeeded' ? { exitCode: run.exitCode } : { error: operation.error },
      ms: endTime - startTime
    }
    log.info(event, messages.runCommand)
  })
  // If the store fails, the requests that need it say so.
  Promise.resolve(logged).catch(() => {})
}
