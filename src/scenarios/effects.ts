import { runsCommand } from './command.js'
import { startsOperation } from './operations.js'
import type { Effect, EffectKind, EffectValues, ErrorEffect } from './scenario.js'

/** The effects on one request. There is at most one of each kind, from the first scenario that has it. */
export interface Effects extends Partial<Omit<EffectValues, 'error' | 'login'>> {
  readonly error?: ErrorEffect
  readonly login?: LoginEffect
  /** The names of the scenarios with these effects. */
  readonly scenarios: readonly string[]
}

/** `notReady` is the number of earlier requests with this effect. */
export type LoginEffect =
  Exclude<EffectValues['login'], 'identityNotReady'> | { readonly notReady: number }

const MANAGED_IDENTITY = ['ManagedIdentity_GetAppService', 'ManagedIdentity_PostCloudShell', 'ManagedIdentity_GetInstance']

const LOGINS = ['Tokens_IssueV1', 'Tokens_IssueV2', ...MANAGED_IDENTITY]

/** The operations of the kinds that apply only to some. */
const CONCERNED: Partial<Readonly<Record<EffectKind, (operation: string) => boolean>>> = {
  operation: startsOperation,
  guest: runsCommand,
  poll: operation => operation === 'Operations_Get',
  login: operation => LOGINS.includes(operation)
}

/** These operations in words, for a message. */
const ABOUT: Partial<Readonly<Record<EffectKind, string>>> = {
  operation: 'requests that start an operation',
  guest: 'run commands',
  poll: 'polls of operations',
  login: 'token endpoints and managed identity'
}

/** The requests that an effect can apply to, such as `run commands`; undefined for every request. */
export function subjectOf (effect: Effect): string | undefined {
  const [kind] = Object.keys(effect) as [EffectKind]
  return effect.login === 'identityNotReady' ? 'managed identity' : ABOUT[kind]
}

/** Whether an effect can apply to a request for this operation. */
export function concerns (effect: Effect, operation: string | undefined): boolean {
  const [kind] = Object.keys(effect) as [EffectKind]
  const isConcerned = CONCERNED[kind]
  if (isConcerned === undefined) return true
  if (operation === undefined) return false
  return effect.login === 'identityNotReady' ? MANAGED_IDENTITY.includes(operation) : isConcerned(operation)
}
