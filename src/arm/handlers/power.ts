import type { FastifyRequest } from 'fastify'
import { then, type MaybePromise } from '../../core/maybe-promise.js'
import { powerActions, type PowerAction } from '../../resources/power-actions.js'
import type { ScaleSet } from '../../resources/scale-sets.js'
import { machineName, type VirtualMachine } from '../../resources/virtual-machines.js'
import { hibernation } from '../contract/rate-limits.js'
import { ArmError } from '../errors/arm-error.js'
import { invalidValue } from '../errors/invalid-value.js'
import type { AcceptedForm, OperationResponses } from '../operations/response.js'
import type { ArmResponse } from '../responses/arm-response.js'
import type { ArmRequest, Handlers, Services } from './handler-types.js'
import { createResponder } from './operation-responder.js'
import { createPowerChanges, type PowerTarget } from './power-changes.js'

type Verb = 'Start' | 'Restart' | 'Redeploy' | 'PowerOff' | 'Deallocate'
type OfMachine = `VirtualMachines_${Verb}`
type OfScaleSet = `VirtualMachineScaleSets_${Verb}`
type OfInstance = `VirtualMachineScaleSetVMs_${Verb}`

const { start, restart, redeploy, powerOff, deallocate } = powerActions

/** Power actions on virtual machines, scale sets and their instances. */
export function powerHandlers (services: Services,
  responses: OperationResponses): Pick<Handlers, OfMachine | OfScaleSet | OfInstance> {
  const { scaleSets } = services
  const changePower = createPowerChanges(services)
  const respondWith = createResponder(services, responses)
  return {
    VirtualMachines_Start: request => ofMachine(request, start),
    VirtualMachines_Restart: request => ofMachine(request, restart),
    VirtualMachines_Redeploy: request => ofMachine(request, redeploy),
    VirtualMachines_PowerOff: request => ofMachine(request, powerOff),
    VirtualMachines_Deallocate: request => ofMachine(request, deallocate, isTrue(request.query.hibernate)),
    VirtualMachineScaleSets_Start: request => ofScaleSet(request, start),
    VirtualMachineScaleSets_Restart: request => ofScaleSet(request, restart),
    VirtualMachineScaleSets_Redeploy: request => ofScaleSet(request, redeploy),
    VirtualMachineScaleSets_PowerOff: request => ofScaleSet(request, powerOff),
    VirtualMachineScaleSets_Deallocate: request => ofScaleSet(request, deallocate, isTrue(request.query.hibernate)),
    VirtualMachineScaleSetVMs_Start: request => ofInstance(request, start),
    VirtualMachineScaleSetVMs_Restart: request => ofInstance(request, restart),
    VirtualMachineScaleSetVMs_Redeploy: request => ofInstance(request, redeploy),
    VirtualMachineScaleSetVMs_PowerOff: request => ofInstance(request, powerOff),
    VirtualMachineScaleSetVMs_Deallocate: request => ofInstance(request, deallocate)
  }

  function ofMachine (request: ArmRequest<OfMachine>, action: PowerAction, isHibernated = false) {
    return perform(request, action, { ...targetOf(request.vm), isHibernated })
  }

  function ofScaleSet (request: ArmRequest<OfScaleSet>, action: PowerAction, isHibernated = false) {
    const { scaleSet, body } = request
    const target = { ...allOf(scaleSet, chosen(scaleSet, body?.instanceIds ?? [ALL])), isHibernated }
    // A hibernation has one bucket and no charge (recorded).
    if (isHibernated) return perform(request, action, target, { rateLimit: hibernation })
    return perform(request, action, target, { charge: target.machines.length })
  }

  /** The id `*` means all instances (recorded: azcli_power_vmss_2024-07-01, exchange 21). */
  function ofInstance (request: ArmRequest<OfInstance>, action: PowerAction) {
    const { scaleSet, vm, params: { instanceId } } = request
    const target = instanceId === ALL ? allOf(scaleSet, chosen(scaleSet, [ALL])) : targetOf(vm)
    return perform(request, action, target, { charge: target.machines.length })
  }

  function perform (request: FastifyRequest, action: PowerAction, target: PowerTarget,
    form: AcceptedForm = {}): MaybePromise<ArmResponse> {
    return then(changePower(request, action, target), operation => respondWith(request, operation, form))
  }

  /** The instances with these ids. */
  function chosen (scaleSet: ScaleSet, instanceIds: readonly string[]): Chosen {
    const isAll = instanceIds.length === 0 || instanceIds.includes(ALL)
    if (isAll) return { machines: scaleSets.instances(scaleSet), isLenient: true }
    const named = new Set(instanceIds)
    if (named.size > MAX_INSTANCES) {
      const rule = `names more than ${MAX_INSTANCES} instances`
      throw invalidValue({ parameter: 'instanceIds', value: `${named.size} ids`, rule })
    }
    const machines = [...named].map(instanceId => {
      const vm = scaleSets.instance(scaleSet, instanceId)
      if (vm === undefined) throw new ArmError('InstanceNotActive', { instanceId })
      return vm
    })
    return { machines, isLenient: false }
  }
}

/** The most instances of a scale set (documented: limits of scale sets). */
const MAX_INSTANCES = 1000

/** Means the ids of all instances. */
const ALL = '*'

type Chosen = Required<Pick<PowerTarget, 'machines' | 'isLenient'>>

function targetOf (vm: VirtualMachine): PowerTarget {
  return { resourceId: vm.id, location: vm.location, name: machineName(vm), machines: [vm] }
}

function allOf ({ id, location }: ScaleSet, chosen: Chosen): PowerTarget {
  return { resourceId: id, location, name: id.name, ...chosen }
}

function isTrue (value: unknown): boolean {
  return `${value}`.toLowerCase() === 'true'
}
