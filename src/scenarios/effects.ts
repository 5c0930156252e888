import type { Effect, EffectKind, EffectValues, ErrorEffect } from './scenario.js'

/** What happens to one request: of each kind at most one effect, from the first scenario that has it. */
export interface Effects extends Partial<Omit<EffectValues, 'error' | 'login'>> {
  readonly error?: ErrorEffect
  readonly login?: LoginEffect
  /** The names of the scenarios that these are from. */
  readonly scenarios: readonly string[]
}

/** `notReady` counts the turns from 0. */
export type LoginEffect =
  Exclude<EffectValues['login'], 'identityNotReady'> | { readonly notReady: number }

const RUN_COMMAND = ['VirtualMachines_RunCommand', 'VirtualMachineScaleSetVMs_RunCommand']
/** Writes of managed run commands, which run them. */
const MANAGED = ['VirtualMachineRunCommands', 'VirtualMachineScaleSetVMRunCommands']
  .flatMap(each => [`${each}_CreateOrUpdate`, `${each}_Update`])
const POWER = ['Start', 'Restart', 'Redeploy', 'PowerOff', 'Deallocate']
/** Operations that start one that is to be polled. */
const STARTING = [
  ...RUN_COMMAND,
  ...['VirtualMachines', 'VirtualMachineScaleSets', 'VirtualMachineScaleSetVMs'].flatMap(of => POWER.map(verb => `${of}_${verb}`)),
  ...MANAGED,
  'VirtualMachineRunCommands_Delete',
  'VirtualMachineScaleSetVMRunCommands_Delete'
]
const MANAGED_IDENTITY = ['ManagedIdentity_GetAppService', 'ManagedIdentity_PostCloudShell', 'ManagedIdentity_GetInstance']

/** Of the kinds that are about some operations only: which. */
const CONCERNED: Partial<Readonly<Record<EffectKind, readonly string[]>>> = {
  operation: STARTING,
  guest: [...RUN_COMMAND, ...MANAGED],
  poll: ['Operations_Get'],
  login: ['Tokens_IssueV1', 'Tokens_IssueV2', ...MANAGED_IDENTITY]
}

/** Whether an effect can do anything to a request for this operation. */
export function concerns (effect: Effect, operation: string | undefined): boolean {
  const [kind] = Object.keys(effect) as [EffectKind]
  const operations = effect.login === 'identityNotReady' ? MANAGED_IDENTITY : CONCERNED[kind]
  return operations === undefined || (operation !== undefined && operations.includes(operation))
}
