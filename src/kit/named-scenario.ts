import { UsageError } from '../core/usage-error.js'
import type { Scenarios } from '../emulator/emulator.js'
import type { Scenario } from '../scenarios/scenario.js'
import { UnknownScenario } from '../scenarios/unknown-scenario.js'

/**
 * The scenario that requests to this subscription can name; without one, that requests to any subscription can name, so
 * that no test gets the scenario of another. Throws a `UsageError` if there is none.
 */
export function namedScenario (scenarios: Scenarios, name: string, subscriptionId = ''): Scenario {
  const all = scenarios.named(subscriptionId).map(({ scenario }) => scenario)
  const found = all.find(scenario => scenario.name === name)
  if (found !== undefined) return found
  const { message, hint } = new UnknownScenario(name, all.map(scenario => scenario.name))
  throw new UsageError(hint === '' ? `${message}: the emulator's scenarios.named() lists all` : message)
}
