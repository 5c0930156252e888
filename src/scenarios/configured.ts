import { isDeepStrictEqual } from 'node:util'
import { identityOf, subscriptionOf } from './identity.js'
import type { Scenario } from './scenario.js'
import { Tally } from './tally.js'

/**
 * The active scenarios after a reset of a subscription, by default of all: those that stay keep their places, and
 * missing configured ones come last.
 */
export function restored (active: readonly Tally[], configured: readonly Scenario[], subscriptionId?: string): Tally[] {
  if (subscriptionId === undefined) return configured.map(scenario => new Tally(scenario))
  const isReset = (scenario: Scenario) => subscriptionOf(scenario) === subscriptionId
  const wanted = configured.filter(isReset)
  const staying = active.filter(({ scenario }) => !isReset(scenario) || wanted.includes(scenario))
  const missing = wanted.filter(scenario => !staying.some(tally => tally.scenario === scenario))
  return [
    ...staying.map(tally => isReset(tally.scenario) ? new Tally(tally.scenario) : tally),
    ...missing.map(scenario => new Tally(scenario))
  ]
}

/**
 * The active and the configured scenarios after others were configured. Unchanged ones stay the same objects, with
 * their count. Those that were not configured stay, come first, and hide configured ones of the same identity.
 */
export function reconfigured (active: readonly Tally[], before: readonly Scenario[], configured: readonly Scenario[]):
{ active: Tally[], configured: Scenario[] } {
  const added = active.filter(({ scenario }) => !before.includes(scenario))
  const hidden = new Set(added.map(({ identity }) => identity))
  const former = active.filter(({ scenario }) => before.includes(scenario))
  const kept = configured.filter(scenario => !hidden.has(identityOf(scenario))).map(scenario =>
    former.find(tally => isDeepStrictEqual(tally.scenario, scenario)) ?? new Tally(scenario))
  return {
    active: [...added, ...kept],
    configured: configured.map(scenario =>
      kept.find(({ identity }) => identity === identityOf(scenario))?.scenario ?? scenario)
  }
}
