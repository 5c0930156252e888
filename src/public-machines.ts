import type { Inventory } from './core/inventory.js'
import { SCALE_SET, VIRTUAL_MACHINE, type ResourceId } from './core/resource-id.js'
import type { ScaleSets as DeclaredSets } from './core/scale-sets.js'
import { UsageError } from './core/usage-error.js'
import type { VirtualMachines as DeclaredMachines } from './core/virtual-machines.js'
import type { ScaleSets, VirtualMachines } from './emulator.js'
import { requireDeclaration } from './options/declaration-check.js'

/** The virtual machines of an emulator. JavaScript programs call this, too, so it checks its arguments. */
export function publicMachines (machines: DeclaredMachines, inventory: Inventory): VirtualMachines {
  return {
    find: id => machines.find(id),
    isDeclared: id => machines.isDeclared(id),
    list: (subscriptionId, resourceGroup) => machines.list(subscriptionId, resourceGroup),
    async declare (declaration) {
      await requireDeclaration('virtualMachines', declaration)
      return await inventory.declareMachine(declaration)
    },
    async remove (id) {
      requireId(id, VIRTUAL_MACHINE, 'virtualMachines.remove needs an id that virtualMachineId returned')
      return await inventory.removeMachine(id)
    }
  }
}

/** The scale sets of an emulator, likewise. */
export function publicScaleSets (scaleSets: DeclaredSets, inventory: Inventory): ScaleSets {
  return {
    find: id => scaleSets.find(id),
    isDeclared: id => scaleSets.isDeclared(id),
    list: (subscriptionId, resourceGroup) => scaleSets.list(subscriptionId, resourceGroup),
    instance: (scaleSet, instanceId) => scaleSets.instance(scaleSet, instanceId),
    instances: scaleSet => scaleSets.instances(scaleSet),
    async declare (declaration) {
      await requireDeclaration('virtualMachineScaleSets', declaration)
      return await inventory.declareScaleSet(declaration)
    },
    async remove (id) {
      requireId(id, SCALE_SET, 'scaleSets.remove needs an id that scaleSetId returned')
      return await inventory.removeScaleSet(id)
    }
  }
}

function requireId (id: ResourceId, type: string, rule: string): void {
  if (id?.type === type) return
  throw new UsageError(`${rule}, not ${JSON.stringify(id?.text ?? id) ?? typeof id}`)
}
