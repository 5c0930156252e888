import { systemClock } from '../../core/clock.js'
import { isPromise, then, type MaybePromise } from '../../core/maybe-promise.js'
import type { Operation } from '../../core/operation.js'
import { beginningOf, type EndedRun } from '../../core/recent-runs.js'
import { machineName } from '../../core/virtual-machines.js'
import { timeouts } from '../../guest/agent.js'
import type { RunCommandDocument } from '../../guest/documents.js'
import { ArmError } from '../errors.js'
import { courseOf, planOf } from '../operation-plan.js'
import { resultStatus, type AcceptedForm, type OperationResponses } from '../operation-response.js'
import { preferenceOf, type Preference, type Respond } from '../prefer.js'
import { rateLimits } from '../rate-limits.js'
import type { ArmResponse } from '../response-headers.js'
import type { ArmRequest, Handlers, Services } from './handler-types.js'
import { logRunCommand } from './run-command-log.js'

/** Of a virtual machine or of an instance of a scale set. */
type RunCommandRequest = ArmRequest<'VirtualMachines_RunCommand' | 'VirtualMachineScaleSetVMs_RunCommand'>
type RunCommandHandlers = Pick<Handlers, 'VirtualMachines_RunCommand' | 'VirtualMachineScaleSetVMs_RunCommand'>

const FORM = { rateLimit: rateLimits.runCommand }
const INSTANCE_FORM = { rateLimit: rateLimits.runCommandOnInstance, charge: 1 }

/** What the journal, the page of recent runs and the log know of a run. */
interface StartedRun extends EndedRun {
  operationId: string
  readonly document: RunCommandDocument
}

interface Run {
  readonly document: RunCommandDocument
  readonly ended: EndedRun
}

/**
 * The action, written once for both ways of responding: `immediate` is an operation that the request waits for. The
 * order of the checks is inferred.
 */
export function runCommandHandlers (services: Services, responses: OperationResponses): RunCommandHandlers {
  const { agent, clock, documents, log, machineStates, operations, recentRuns, scenarios, settings, turns } = services
  const isLogged = log.isLevelEnabled('info')
  return { VirtualMachines_RunCommand: runCommand, VirtualMachineScaleSetVMs_RunCommand: runCommand }

  function runCommand (request: RunCommandRequest): MaybePromise<ArmResponse> {
    const document = documents.find(request.body.commandId)
    if (document === undefined) throw new ArmError('NotFound')
    requireSameSystem(request, document)
    return then(machineStates.get(request.vm), state => {
      if (state !== 'running') throw new ArmError('OperationNotAllowed')
      const ended = runOf(document)
      return then(start(request, document, ended), operation => responseTo(request, operation, { document, ended }))
    })
  }

  function start (request: RunCommandRequest, document: RunCommandDocument, ended: StartedRun) {
    const { vm, body: { script, parameters }, routeOptions, effects, preferredScenario } = request
    const { osType } = document
    const { operation: effect, guest } = effects ?? {}
    const usual = { delay: settings.delay, timeout: timeouts[osType] }
    const pace = clock === systemClock ? settings.pace : 'azure'
    const unusual = { pace, vmName: machineName(vm), output: () => agent.nothing(osType) } as const
    const asked = turns === undefined ? 0 : clock.now().getTime()
    const started = operations.start({
      action: routeOptions.config.action!,
      resourceId: vm.id,
      location: vm.location,
      plan: effect === undefined ? usual : planOf(effect, { ...usual, ...unusual }),
      course: effect && courseOf(effect),
      turns: guest === undefined ? turns : undefined,
      run: context => {
        const began = clock.now().getTime()
        ended.queuedMs = turns === undefined ? 0 : began - asked
        const running = agent.run(vm, { document, script, parameters, result: guest }, context)
        const needsTime = isPromise(running)
        return then(running, outcome => {
          const { exitCode, output } = outcome
          ended.exitCode = exitCode
          ended.output = output
          ended.ranMs = needsTime ? clock.now().getTime() - began : 0
          ended.onEnd?.()
          return effect?.noContent ? {} : outcome
        })
      }
    })
    return then(started, operation => {
      if (preferredScenario !== undefined) scenarios.start(operation.id, preferredScenario, vm.id.subscriptionId)
      const beginning = beginningOf(script ?? document.script)
      recentRuns.add({ operation, vmId: vm.id, commandId: document.id, script: beginning, ended })
      ended.operationId = operation.id
      request.run = ended
      return operation
    })
  }

  function responseTo (request: RunCommandRequest, started: Operation, { document, ended }: Run) {
    const { wait, applied } = preferenceFor(request, settings.respond)
    const form: AcceptedForm = request.vm.scaleSet === undefined ? FORM : INSTANCE_FORM
    return then(operations.settle(started, wait), operation => {
      const view = { operation, request }
      const isAccepted = wait === 0 || operation.status === 'InProgress'
      if (isLogged) {
        const { method, vm } = request
        const status = isAccepted ? 202 : resultStatus(operation)
        const facts = { method, vm: machineName(vm), command: document.id, status }
        logRunCommand(log, facts, ended, operations.settle(operation))
      }
      const response = isAccepted
        ? responses.accepted(view, form)
        : { ...responses.result(view, form.rateLimit, operation.id), charge: form.charge }
      if (applied === undefined) return response
      const { preferredScenario } = request
      const all = preferredScenario === undefined ? applied : `${applied}, scenario=${preferredScenario}`
      return { ...response, headers: [...response.headers ?? [], 'Preference-Applied', all] }
    })
  }
}

/** With all members from the beginning, since one is kept for each request. */
function runOf (document: RunCommandDocument): StartedRun {
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

function requireSameSystem ({ vm }: RunCommandRequest, { osType }: RunCommandDocument): void {
  if (vm.osType === undefined || vm.osType === osType) return
  throw new ArmError('OperatingSystemMismatch', { commandOs: osType, vmOs: vm.osType })
}

/** An operation that a scenario has an effect on is there to be polled, unless that says otherwise. */
function preferenceFor ({ headers: { prefer }, effects }: RunCommandRequest, respond: Respond): Preference {
  const effect = effects?.operation
  return effect === undefined ? preferenceOf(prefer, respond) : { wait: effect.answeredBy === 200 ? Infinity : 0 }
}
