import type { FastifyRequest } from 'fastify'
import { systemClock } from '../../core/clock.js'
import { then, type MaybePromise } from '../../core/maybe-promise.js'
import { OperationError, type Operation } from '../../core/operation.js'
import type { OperationStart } from '../../core/operations.js'
import type { TimeLimit } from '../../core/plan.js'
import type { EndedRun } from '../../core/recent-runs.js'
import type { RunCommandDocument } from '../../guest/documents.js'
import { courseOf, planOf } from '../operation-plan.js'
import type { Services } from './handler-types.js'
import { logOperation } from './operation-log.js'

/** What a request starts, and how it goes unless a scenario says otherwise. */
export interface Undertaking extends Pick<OperationStart, 'resourceId' | 'claim' | 'location' | 'turns' | 'run' | 'ended'> {
  /** Minimum time that it stays InProgress, in milliseconds. Default: that of the settings. */
  readonly delay?: number
  /** The machine that messages of scenarios name. */
  readonly vmName: string
  /** Default: 90 minutes, as for a run command; the error is inferred. */
  readonly timeout?: TimeLimit
  /** What the journal notes of it. Default: its id alone. */
  readonly noted?: StartedOperation
  /** What it has for an output if a scenario has it succeed. Default: nothing. */
  output? (): object
}

/** What the journal, the page of recent runs and the log know of an operation, and of the script that it runs. */
export interface StartedOperation extends EndedRun {
  operationId: string
  /** What runs where the request has no script; undefined for an operation that runs none. */
  readonly document?: RunCommandDocument | undefined
}

/** With all members from the beginning, since one is kept for each request. */
export function notedOperation (document?: RunCommandDocument): StartedOperation {
  return {
    operationId: '',
    document,
    exitCode: undefined,
    output: undefined,
    queuedMs: undefined,
    ranMs: undefined,
    onEnd: undefined
  }
}

const TIMEOUT: TimeLimit = {
  ms: 90 * 60 * 1000,
  error: () => new OperationError('OperationTimedOut', 'The operation did not end within the time limit.')
}

export type StartOperation = (request: FastifyRequest, undertaking: Undertaking) => MaybePromise<Operation>

/** Starts the operation of a request, with what scenarios do to it. Every handler that starts one does so by this. */
export function createStart ({ clock, log, operations, scenarios, settings }: Services): StartOperation {
  const isLogged = log.isLevelEnabled('info')
  return (request, undertaking) => {
    const { delay = settings.delay, timeout = TIMEOUT, noted = notedOperation() } = undertaking
    const { resourceId, claim, location, turns, run, ended, vmName, output } = undertaking
    const { effects, preferredScenario } = request
    const effect = effects?.operation
    const usual = { delay, timeout }
    const pace = clock === systemClock ? settings.pace : 'azure'
    const started = operations.start({
      resourceId,
      claim,
      location,
      turns,
      run,
      ended,
      action: request.operation!.action!,
      plan: effect === undefined ? usual : planOf(effect, { ...usual, pace, vmName, output }),
      course: effect && courseOf(effect)
    })
    return then(started, operation => {
      noted.operationId = operation.id
      request.run = noted
      if (isLogged) {
        const ended = operations.settle(operation)
        // There may be no response that logs it, and another may have been asked to.
        Promise.resolve(ended).catch(() => {})
        request.onResponding = status => logOperation(log, request, status, { vmName, noted, ended })
      }
      const { name } = preferredScenario ?? {}
      if (name !== undefined) scenarios.start(operation.id, name, operation.subscriptionId)
      return operation
    })
  }
}
