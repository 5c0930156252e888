import type { FastifyRequest } from 'fastify'
import { then, type MaybePromise } from '../../core/maybe-promise.js'
import { TIME_LIMIT } from '../../guest/extension-errors.js'
import { OperationError, type Operation } from '../../operations/operation.js'
import type { TimeLimit } from '../../operations/plan.js'
import { ScriptRun } from '../../operations/script-run.js'
import type { OperationStart } from '../../operations/start.js'
import { systemClock } from '../../time/clock.js'
import { createIdleWarnings, type IdleEffect } from '../effects/idle.js'
import { courseOf, planOf } from '../effects/operation-plan.js'
import type { Services } from './handler-types.js'
import { logOperation } from './operation-log.js'

/** An operation that a request starts, before the effects of scenarios. */
export interface Undertaking extends Pick<OperationStart,
  'resourceId' | 'claim' | 'changes' | 'location' | 'turns' | 'run' | 'ended'> {
  /** The minimum time that it stays InProgress, in milliseconds. Default: that of the settings. */
  readonly delay?: number
  /** The machine, scale set or resource group, for the log and for messages of scenarios. */
  readonly targetName: string
  /** Default: 90 minutes, as for a run command; the error is inferred. */
  readonly timeout?: TimeLimit
  /** Default: that of an operation without a script. */
  readonly scriptRun?: ScriptRun
  /** The effects of the request's scenarios that cannot change it. */
  readonly idle?: readonly IdleEffect[]
  /** The output if a scenario makes it succeed. Default: nothing. */
  output? (): object
}

/** The time limit of an operation whose own is not known. */
export const TIMEOUT: TimeLimit = {
  ms: TIME_LIMIT,
  error: () => new OperationError('OperationTimedOut', 'The operation did not end within the time limit.')
}

export type StartOperation = (request: FastifyRequest, undertaking: Undertaking) => MaybePromise<Operation>

/** Returns the function by which all handlers start operations. It applies the effects of scenarios. */
export function createStart ({ clock, log, operations, scenarios, settings }: Services): StartOperation {
  const isLogged = log.isLevelEnabled('info')
  const warnOfIdle = createIdleWarnings(log)
  return (request, undertaking) => {
    const { delay = settings.delay, timeout = TIMEOUT, scriptRun = new ScriptRun() } = undertaking
    const { resourceId, claim, changes, location, turns, run, ended, targetName, output, idle = [] } = undertaking
    const { effects, preferredScenario } = request
    const effect = effects?.operation
    const usual = { delay, timeout }
    const pace = clock === systemClock ? settings.pace : 'azure'
    const started = operations.start({
      resourceId,
      claim,
      changes,
      location,
      turns,
      run,
      ended,
      action: request.operation!.action!,
      plan: effect === undefined ? usual : planOf(effect, { ...usual, pace, vmName: targetName, output }),
      course: effect && courseOf(effect)
    })
    warnOfIdle(request, idle)
    return then(started, operation => {
      scriptRun.operationId = operation.id
      request.run = scriptRun
      if (isLogged) {
        const ended = operations.settle(operation)
        // If the response does not log this operation, nothing else handles a rejection.
        Promise.resolve(ended).catch(() => {})
        request.onResponding = status => logOperation(log, request, status, { targetName, scriptRun, ended })
      }
      const { name } = preferredScenario ?? {}
      if (name !== undefined) scenarios.start(operation.id, name, operation.subscriptionId)
      return operation
    })
  }
}
