import { SCALE_SET, VIRTUAL_MACHINE, type ResourceId } from '../core/resource-id.js'
import { UsageError } from '../core/usage-error.js'
import { requireDeclaration } from '../options/declaration-check.js'
import type { Inventory } from '../resources/inventory.js'
import type { ScaleSets as DeclaredSets } from '../resources/scale-sets.js'
import type { VirtualMachines as DeclaredMachines } from '../resources/virtual-machines.js'
import type { ScaleSets, VirtualMachines } from './emulator.js'

/** The virtual machines of an emulator. JavaScript programs call this, too, so it checks its arguments. */
export function publicMachines (machines: DeclaredMachines, inventory: Inventory): VirtualMachines {
  return {
    find: id => machines.find(machineId(id, 'find')),
    isDeclared: id => machines.isDeclared(machineId(id, 'isDeclared')),
    list: (subscriptionId, resourceGroup) => machines.list(subscriptionId, resourceGroup),
    async declare (declaration) {
      await requireDeclaration('virtualMachines', declaration)
      return await inventory.declareMachine(declaration)
    },
    async remove (id) {
      return await inventory.removeMachine(machineId(id, 'remove'))
    }
  }
}

/** The scale sets of an emulator, likewise. */
export function publicScaleSets (scaleSets: DeclaredSets, inventory: Inventory): ScaleSets {
  return {
    find: id => scaleSets.find(setId(id, 'find')),
    isDeclared: id => scaleSets.isDeclared(setId(id, 'isDeclared')),
    list: (subscriptionId, resourceGroup) => scaleSets.list(subscriptionId, resourceGroup),
    instance: (scaleSet, instanceId) => scaleSets.instance(scaleSet, instanceId),
    instances: scaleSet => scaleSets.instances(scaleSet),
    async declare (declaration) {
      await requireDeclaration('virtualMachineScaleSets', declaration)
      return await inventory.declareScaleSet(declaration)
    },
    async remove (id) {
      return await inventory.removeScaleSet(setId(id, 'remove'))
    }
  }
}

function machineId (id: ResourceId, method: string): ResourceId {
  return checkedId(id, VIRTUAL_MACHINE, `virtualMachines.${method} needs an id that virtualMachineId returned`)
}

function setId (id: ResourceId, method: string): ResourceId {
  return checkedId(id, SCALE_SET, `scaleSets.${method} needs an id that scaleSetId returned`)
}

function checkedId (id: ResourceId, type: string, rule: string): ResourceId {
  if (id?.type === type) return id
  throw new UsageError(`${rule}, not ${JSON.stringify(id?.text ?? id) ?? typeof id}`)
}
