import { runsCommand } from './command.js'
import { startsOperation } from './operations.js'
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

const MANAGED_IDENTITY = ['ManagedIdentity_GetAppService', 'ManagedIdentity_PostCloudShell', 'ManagedIdentity_GetInstance']

const LOGINS = ['Tokens_IssueV1', 'Tokens_IssueV2', ...MANAGED_IDENTITY]

/** Of the kinds that are about some operations only: which. */
const CONCERNED: Partial<Readonly<Record<EffectKind, (operation: string) => boolean>>> = {
  operation: startsOperation,
  guest: runsCommand,
  poll: operation => operation === 'Operations_Get',
  login: operation => LOGINS.includes(operation)
}

/** In words, for a message. */
const ABOUT: Partial<Readonly<Record<EffectKind, string>>> = {
  operation: 'requests that start an operation',
  guest: 'run commands',
  poll: 'polls of operations',
  login: 'token endpoints and managed identity'
}

/** What an effect is about, such as `run commands`, where that is not every request. */
export function subjectOf (effect: Effect): string | undefined {
  const [kind] = Object.keys(effect) as [EffectKind]
  return effect.login === 'identityNotReady' ? 'managed identity' : ABOUT[kind]
}

/** Whether an effect can do anything to a request for this operation. */
export function concerns (effect: Effect, operation: string | undefined): boolean {
  const [kind] = Object.keys(effect) as [EffectKind]
  const isConcerned = CONCERNED[kind]
  if (isConcerned === undefined) return true
  if (operation === undefined) return false
  return effect.login === 'identityNotReady' ? MANAGED_IDENTITY.includes(operation) : isConcerned(operation)
}
