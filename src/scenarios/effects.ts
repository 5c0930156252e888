import type { EffectValues, ErrorEffect } from './scenario.js'

/** What happens to one request: of each kind at most one effect, from the first scenario that has it. */
export interface Effects extends Partial<Omit<EffectValues, 'error'>> {
  readonly error?: ErrorEffect
  /** The names of the scenarios that these are from. */
  readonly scenarios: readonly string[]
}
