import { isPromise, then, type MaybePromise } from '../../core/maybe-promise.js'
import type { RunCommandDocument } from '../../guest/documents.js'
import { timeouts } from '../../guest/extension-errors.js'
import { beginningOf } from '../../operations/recent-runs.js'
import { ScriptRun } from '../../operations/script-run.js'
import type { MachineCondition } from '../../resources/machine-states.js'
import { machineName } from '../../resources/virtual-machines.js'
import { idleInAction } from '../effects/idle.js'
import { ArmError } from '../errors/arm-error.js'
import type { AcceptedForm, OperationResponses } from '../operations/response.js'
import type { ArmResponse } from '../responses/arm-response.js'
import type { ArmRequest, Handlers, Services } from './handler-types.js'
import { createResponder } from './operation-responder.js'
import { createStart } from './start-operation.js'

/** For a virtual machine or an instance of a scale set. */
type RunCommandRequest = ArmRequest<'VirtualMachines_RunCommand' | 'VirtualMachineScaleSetVMs_RunCommand'>
type RunCommandHandlers = Pick<Handlers, 'VirtualMachines_RunCommand' | 'VirtualMachineScaleSetVMs_RunCommand'>

/** Only an action on an instance of a scale set has a charge. */
const OF_MACHINE: AcceptedForm = {}
const OF_INSTANCE: AcceptedForm = { charge: 1 }

/**
 * The action. With `immediate`, it is the same operation, and the request waits for it. The order of the checks is
 * inferred.
 */
export function runCommandHandlers (services: Services, responses: OperationResponses): RunCommandHandlers {
  const { agent, clock, documents, machineStates, recentRuns, turns } = services
  const startOperation = createStart(services)
  const respondWith = createResponder(services, responses)
  return { VirtualMachines_RunCommand: runCommand, VirtualMachineScaleSetVMs_RunCommand: runCommand }

  function runCommand (request: RunCommandRequest): MaybePromise<ArmResponse> {
    const document = documents.find(request.body.commandId)
    if (document === undefined) throw new ArmError('NotFound')
    requireSameSystem(request, document)
    return then(machineStates.read(request.vm), condition => {
      requireRunning(condition)
      const form = request.vm.scaleSet === undefined ? OF_MACHINE : OF_INSTANCE
      return then(start(request, document), operation => respondWith(request, operation, form))
    })
  }

  function start (request: RunCommandRequest, document: RunCommandDocument) {
    const { vm, body: { script, parameters }, effects } = request
    const { osType } = document
    const guest = effects?.guest
    const scriptRun = new ScriptRun(document)
    const asked = turns === undefined ? 0 : clock.now().getTime()
    const started = startOperation(request, {
      resourceId: vm.id,
      targetName: machineName(vm),
      location: vm.location,
      scriptRun,
      idle: idleInAction(effects),
      timeout: timeouts[osType],
      output: () => agent.nothing(osType),
      turns: guest === undefined ? turns : undefined,
      run: context => {
        const began = clock.now().getTime()
        scriptRun.queuedMs = turns === undefined ? 0 : began - asked
        const running = agent.run(vm, { document, script, parameters, result: guest }, context)
        const needsTime = isPromise(running)
        return then(running, outcome => {
          scriptRun.end(outcome, needsTime ? clock.now().getTime() - began : 0)
          return effects?.operation?.noContent ? {} : outcome
        })
      }
    })
    return then(started, operation => {
      const beginning = beginningOf(script ?? document.script)
      recentRuns.add({ operation, vmId: vm.id, commandId: document.id, script: beginning, scriptRun })
      return operation
    })
  }
}

function requireSameSystem ({ vm }: RunCommandRequest, { osType }: RunCommandDocument): void {
  if (vm.osType === undefined || vm.osType === osType) return
  throw new ArmError('OperatingSystemMismatch', { commandOs: osType, vmOs: vm.osType })
}

/** Throws unless the machine runs. Inferred: a starting machine gets the error of concurrent requests. */
function requireRunning ({ powerState, transition }: MachineCondition): void {
  if (transition === 'starting' || transition === 'restarting') throw new ArmError('ConcurrentRequest')
  if (powerState !== 'running' || transition !== undefined) throw new ArmError('OperationNotAllowed')
}
