import { resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { DeclaredGroups } from './core/declared-groups.js'
import type { MachineStates } from './core/machine-states.js'
import { virtualMachineId } from './core/resource-id.js'
import {
  DEFAULTS as MACHINE_DEFAULTS, type PowerStateDeclaration, type VirtualMachine, type VirtualMachineDeclaration,
  type VirtualMachines
} from './core/virtual-machines.js'
import { DEFAULTS, options, pathOptions, type OptionKey, type Options } from './options/options.js'
import type { Scenario } from './scenarios/scenario.js'
import type { Scenarios } from './scenarios/scenarios.js'

/** What the state of an emulator consists of. */
export interface Stateful {
  readonly settings: Partial<Options>
  readonly groups: DeclaredGroups
  readonly virtualMachines: VirtualMachines
  readonly machineStates: MachineStates
  readonly scenarios: Scenarios
}

export interface State extends Partial<Omit<Options, 'scenarios'>> {
  readonly scenarios?: readonly Scenario[]
}

/** Options that concern only this process, and those whose value is the state now rather than at the start. */
const LEFT_OUT: readonly string[] =
  ['readyFile', 'dataDir', 'report', 'watch', 'adminToken', 'virtualMachines', 'resourceGroups', 'powerStates', 'scenarios']

/**
 * The options that start an emulator in this state: settings that differ from their defaults, the declared machines and
 * principals (with their secrets), power states, and the scenarios that are not used up. Paths are absolute.
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
      // All of them if one is empty, so that each keeps its place.
      resourceGroups: declared.some(({ isEmpty }) => isEmpty) ? declared.map(({ isEmpty, ...group }) => group) : [],
      powerStates: await undeclaredStates(parts),
      scenarios: active
    })
  }
}

function settingsOf (settings: Partial<Options>): Partial<Omit<Options, 'scenarios'>> {
  return Object.fromEntries((options.map(([name]) => name) as OptionKey[]).flatMap(name => {
    const value = settings[name]
    if (LEFT_OUT.includes(name) || value === undefined || isDeepStrictEqual(value, DEFAULTS[name])) return []
    const isPath = (pathOptions as readonly string[]).includes(name)
    return [[name, isPath ? resolve(value as string) : value]]
  }))
}

/** Without lists that are empty. */
function present<Lists extends Readonly<Record<string, readonly object[]>>> (lists: Lists): Partial<Lists> {
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)) as Partial<Lists>
}

/** A machine as one would declare it now, without what a declaration has by default. */
async function declarationOf (vm: VirtualMachine, { machineStates }: Stateful): Promise<VirtualMachineDeclaration> {
  const { id: { subscriptionId, resourceGroup, name }, location, osType } = vm
  const differing = Object.entries({ location, osType, powerState: await machineStates.get(vm) })
    .filter(([member, value]) => value !== MACHINE_DEFAULTS[member as keyof typeof MACHINE_DEFAULTS])
  return { subscriptionId, resourceGroup: resourceGroup!, name, ...Object.fromEntries(differing) }
}

/** Of machines that exist without a declaration, as they were at the start or have become since, unless they run. */
async function undeclaredStates (parts: Stateful): Promise<PowerStateDeclaration[]> {
  const { settings, virtualMachines, machineStates } = parts
  const known = new Map([...settings.powerStates ?? [], ...await machineStates.changed()].map(each => {
    const id = virtualMachineId(each.subscriptionId, each.resourceGroup, each.name)
    return [`${id.collectionKey}/${id.nameKey}`, id]
  }))
  const states = await Promise.all([...known.values()].map(async id => {
    const vm = virtualMachines.isDeclared(id) ? undefined : virtualMachines.find(id)
    const { subscriptionId, resourceGroup, name } = id
    return vm && { subscriptionId, resourceGroup: resourceGroup!, name, powerState: await machineStates.get(vm) }
  }))
  return states.filter(state => state !== undefined && state.powerState !== MACHINE_DEFAULTS.powerState) as
    PowerStateDeclaration[]
}
