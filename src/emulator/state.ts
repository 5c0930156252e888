import { resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { pathKeyOf } from '../core/resource-id.js'
import { DEFAULTS, options, pathOptions, type OptionKey, type Options } from '../options/options.js'
import type { DeclaredGroups } from '../resources/declared-groups.js'
import type { MachineStates } from '../resources/machine-states.js'
import type { ManagedRunCommand } from '../resources/managed-run-command.js'
import type { ManagedRunCommands } from '../resources/managed-run-commands.js'
import type { ResourceGroups } from '../resources/resource-groups.js'
import { runCommandDeclarationOf } from '../resources/run-command-declaration.js'
import { DEFAULT_INSTANCES, type ScaleSet, type ScaleSetDeclaration, type ScaleSets } from '../resources/scale-sets.js'
import {
  DEFAULTS as MACHINE_DEFAULTS, isInstance, machineIdOf, placeOf, type MachinePlace, type PowerStateDeclaration,
  type VirtualMachine, type VirtualMachineDeclaration, type VirtualMachines
} from '../resources/virtual-machines.js'
import type { Scenario } from '../scenarios/scenario.js'
import type { Scenarios } from '../scenarios/scenarios.js'

/** The services that have the state of an emulator. */
export interface Stateful {
  readonly settings: Partial<Options>
  readonly groups: DeclaredGroups
  readonly resourceGroups: ResourceGroups
  readonly virtualMachines: VirtualMachines
  readonly scaleSets: ScaleSets
  readonly machineStates: MachineStates
  readonly runCommands: ManagedRunCommands
  readonly scenarios: Scenarios
}

export interface State extends Partial<Omit<Options, 'scenarios'>> {
  readonly scenarios?: readonly Scenario[]
}

/** Options of only this process, and those whose initial values are replaced by the current state. */
const LEFT_OUT: readonly string[] = ['readyFile', 'dataDir', 'report', 'watch', 'adminToken', 'virtualMachines',
  'virtualMachineScaleSets', 'resourceGroups', 'resourceGroupStates', 'powerStates', 'runCommands', 'scenarios']

/**
 * The options that start an emulator in this state: settings that differ from their defaults, the declared machines,
 * scale sets and principals (with their secrets), resource groups that were created or deleted, power states, managed
 * run commands that have ended, and the scenarios that are not done. Paths are absolute.
 */
export async function stateOf (parts: Stateful): Promise<State> {
  const { groups, virtualMachines, scenarios } = parts
  const machines = await Promise.all(virtualMachines.list().map(async vm => await declarationOf(vm, parts)))
  const declared = groups.resourceGroups()
  const active = scenarios.list().filter(({ done }) => !done).map(({ matched, done, ...scenario }) => scenario)
  return {
    ...settingsOf(parts.settings),
    ...present({
      virtualMachines: machines,
      virtualMachineScaleSets: parts.scaleSets.list().map(scaleSetDeclarationOf),
      // All groups if one is empty, so that each keeps its place.
      resourceGroups: declared.some(({ isEmpty }) => isEmpty) ? declared.map(({ isEmpty, ...group }) => group) : [],
      resourceGroupStates: parts.resourceGroups.states(),
      powerStates: await undeclaredStates(parts),
      runCommands: (await parts.runCommands.all()).filter(isSettled).map(runCommandDeclarationOf),
      scenarios: active
    })
  }
}

/** False for a command that is being created, changed or deleted: a state has no operation in progress. */
function isSettled ({ provisioningState }: ManagedRunCommand): boolean {
  return provisioningState === 'Succeeded' || provisioningState === 'Failed' || provisioningState === 'Canceled'
}

function settingsOf (settings: Partial<Options>): Partial<Omit<Options, 'scenarios'>> {
  return Object.fromEntries((options.map(([name]) => name) as OptionKey[]).flatMap(name => {
    const value = settings[name]
    if (LEFT_OUT.includes(name) || value === undefined || isDeepStrictEqual(value, DEFAULTS[name])) return []
    const isPath = (pathOptions as readonly string[]).includes(name)
    return [[name, isPath ? resolve(value as string) : value]]
  }))
}

/** Removes empty lists. */
function present<Lists extends Readonly<Record<string, readonly object[]>>> (lists: Lists): Partial<Lists> {
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)) as Partial<Lists>
}

/** The declaration of a machine in its current state, without default values. */
async function declarationOf (vm: VirtualMachine, { machineStates }: Stateful): Promise<VirtualMachineDeclaration> {
  const { id: { subscriptionId, resourceGroup, name }, location, osType, tags } = vm
  const differing = Object.entries({ location, osType, powerState: await machineStates.get(vm) })
    .filter(([member, value]) => value !== MACHINE_DEFAULTS[member as keyof typeof MACHINE_DEFAULTS])
  const declared = { subscriptionId, resourceGroup: resourceGroup!, name, ...Object.fromEntries(differing) }
  return { ...declared, ...tags !== undefined && { tags } }
}

/** The declaration of a scale set, likewise. */
function scaleSetDeclarationOf ({ id, location, osType, instanceIds, tags }: ScaleSet): ScaleSetDeclaration {
  const { subscriptionId, resourceGroup, name } = id
  return {
    subscriptionId,
    resourceGroup: resourceGroup!,
    name,
    ...location !== MACHINE_DEFAULTS.location && { location },
    ...osType !== MACHINE_DEFAULTS.osType && { osType },
    ...!isDeepStrictEqual(instanceIds, DEFAULT_INSTANCES) && { instances: instanceIds },
    ...tags !== undefined && { tags }
  }
}

/**
 * The states of undeclared machines and of instances of scale sets that do not run: the initial states or their later
 * changes.
 */
async function undeclaredStates (parts: Stateful): Promise<PowerStateDeclaration[]> {
  const { settings, machineStates } = parts
  const known = new Map([...settings.powerStates ?? [], ...await machineStates.changed()]
    .map(place => [pathKeyOf(machineIdOf(place)), place]))
  const states = await Promise.all([...known.values()].map(async place => {
    const vm = machineWithoutState(place, parts)
    return vm && { ...placeOf(vm), powerState: await machineStates.get(vm) }
  }))
  return states.filter(state => state !== undefined && state.powerState !== MACHINE_DEFAULTS.powerState) as
    PowerStateDeclaration[]
}

/** The machine in a place, if its declaration does not have its state. */
function machineWithoutState (place: MachinePlace,
  { scaleSets, virtualMachines }: Stateful): VirtualMachine | undefined {
  if (isInstance(place)) return scaleSets.instanceAt(place)
  const id = machineIdOf(place)
  return virtualMachines.isDeclared(id) ? undefined : virtualMachines.find(id)
}
