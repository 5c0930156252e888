import { isLogin, isManagedIdentity, isPoll, runsCommand, startsOperation } from '../matching/operation-kinds.js'
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

/** The requests that an effect can apply to. */
interface Subject {
  /** In words, for a message. */
  readonly text: string
  has (operation: string | undefined): boolean
}

/** Null for an effect that can apply to every request. */
const SUBJECTS: Readonly<Record<EffectKind, Subject | null>> = {
  error: null,
  answer: null,
  throttle: null,
  delay: null,
  socket: null,
  operation: { text: 'requests that start an operation', has: startsOperation },
  poll: { text: 'polls of operations (Operations_Get)', has: isPoll },
  guest: { text: 'run commands', has: runsCommand },
  login: { text: 'token endpoints and managed identity', has: isLogin }
}

/** The kind of an effect, which is the name of its only member. */
export function kindOf (effect: Effect): EffectKind {
  return Object.keys(effect)[0] as EffectKind
}

const IDENTITY: Subject = { text: 'managed identity', has: isManagedIdentity }

function subject (effect: Effect): Subject | null {
  return effect.login === 'identityNotReady' ? IDENTITY : SUBJECTS[kindOf(effect)]
}

/** The requests that an effect can apply to, such as `run commands`; undefined for every request. */
export function subjectOf (effect: Effect): string | undefined {
  return subject(effect)?.text
}

/** Whether an effect can apply to a request for this operation. */
export function concerns (effect: Effect, operation: string | undefined): boolean {
  return subject(effect)?.has(operation) ?? true
}
