import { scaleSetId } from '../../core/resource-id.js'
import type { ScaleSet } from '../../core/scale-sets.js'
import { Scope } from '../../core/scope.js'
import { placeOf, type VirtualMachine } from '../../core/virtual-machines.js'
import { AdminError } from '../errors.js'
import type { AdminRequest, AdminResponse, Handlers, Services } from '../handler-types.js'

type ScaleSetHandlers = Pick<Handlers, 'VirtualMachineScaleSets_Read' | 'VirtualMachineScaleSets_Declare' |
  'VirtualMachineScaleSets_Remove' | 'ScaleSetInstances_Read' | 'ScaleSetInstances_Change'>
type SetParams = AdminRequest<'VirtualMachineScaleSets_Read'>['params']
type InstanceParams = AdminRequest<'ScaleSetInstances_Read'>['params']

/** Lets tests see, declare and remove scale sets while azrun runs, and change the states of their instances. */
export function scaleSetHandlers (
  services: Pick<Services, 'machineStates' | 'operations' | 'runCommands' | 'scaleSets'>): ScaleSetHandlers {
  const { machineStates, operations, runCommands, scaleSets } = services
  return {
    VirtualMachineScaleSets_Read: ({ params }) => shown(existing(params)),
    VirtualMachineScaleSets_Declare: async ({ params, body }) => {
      const { subscriptionId, resourceGroup, vmScaleSetName: name } = params
      const before = scaleSets.find(idOf(params))
      const scaleSet = scaleSets.declare({ subscriptionId, resourceGroup, name, ...body })
      await removeOthers(before, scaleSet)
      await forgetStates(scaleSet)
      return shown(scaleSet)
    },
    VirtualMachineScaleSets_Remove: async ({ params }) => {
      const scaleSet = scaleSets.find(idOf(params))
      if (scaleSet === undefined || !scaleSets.remove(scaleSet.id)) throw missing(params, 'is declared')
      await end(scaleSet, 'The scale set was removed before the operation ended.')
      await forgetStates(scaleSet)
      return {}
    },
    ScaleSetInstances_Read: async ({ params }) => await shownInstance(existingInstance(params)),
    ScaleSetInstances_Change: async ({ params, body: { powerState } }) => {
      const instance = existingInstance(params)
      await machineStates.set(instance, powerState)
      return await shownInstance(instance)
    }
  }

  /** Removes the instances that the set no longer has, with everything that runs on them. */
  async function removeOthers (before: ScaleSet | undefined, { instanceIds }: ScaleSet): Promise<void> {
    const instances = before === undefined ? [] : scaleSets.instances(before)
    for (const instance of instances.filter(({ id }) => !instanceIds.includes(id.name))) {
      await end(instance, 'The instance was removed before the operation ended.')
      await machineStates.forget(instance)
    }
  }

  /** Cancels and forgets what runs on a set or an instance. */
  async function end ({ id }: ScaleSet | VirtualMachine, reason: string): Promise<void> {
    const scope = Scope.at(id)
    await operations.cancelAll(reason, scope)
    await runCommands.clear(scope)
  }

  async function forgetStates (scaleSet: ScaleSet): Promise<void> {
    for (const instance of scaleSets.instances(scaleSet)) await machineStates.forget(instance)
  }

  function shown ({ id, location, osType, instanceIds: instances }: ScaleSet): AdminResponse {
    const { subscriptionId, resourceGroup, name } = id
    const declared = scaleSets.isDeclared(id)
    return { body: { subscriptionId, resourceGroup, name, location, osType, instances, declared } }
  }

  async function shownInstance (instance: VirtualMachine): Promise<AdminResponse> {
    return { body: { ...placeOf(instance), powerState: await machineStates.get(instance) } }
  }

  function existing (params: SetParams): ScaleSet {
    const scaleSet = scaleSets.find(idOf(params))
    if (scaleSet === undefined) throw missing(params, 'exists')
    return scaleSet
  }

  function existingInstance (params: InstanceParams): VirtualMachine {
    const instance = scaleSets.instance(existing(params), params.instanceId)
    if (instance !== undefined) return instance
    const message = `no instance '${params.instanceId}' of scale set '${params.vmScaleSetName}' exists`
    throw new AdminError(404, message, { target: 'instanceId' })
  }
}

function idOf ({ subscriptionId, resourceGroup, vmScaleSetName }: SetParams) {
  return scaleSetId(subscriptionId, resourceGroup, vmScaleSetName)
}

function missing ({ resourceGroup, vmScaleSetName }: SetParams, verb: string): AdminError {
  const message = `no scale set '${vmScaleSetName}' ${verb} in resource group '${resourceGroup}'`
  return new AdminError(404, message, { target: 'vmScaleSetName' })
}
