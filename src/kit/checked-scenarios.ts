import type { Scenarios } from '../emulator/emulator.js'
import { scenarioListMistakes, scenarioMistakes } from '../options/scenario-check.js'
import type { Scenario } from '../scenarios/scenario.js'
import type { AddScenarioOptions } from '../scenarios/scenarios.js'
import { checkedOptions } from './checked-options.js'
import { refuse } from './expectations.js'
import { namedScenario } from './named-scenario.js'

/**
 * The active scenarios. `put` and `replaceAll` throw a `UsageError` for a scenario that is not valid, `put` and
 * `waitFor` for options that are not.
 */
export interface TestScenarios extends Scenarios {
  /**
   * Adds a scenario, or replaces the one of that name at its place with a new count. A text is the name of one that
   * requests to any subscription can name, usually a built-in one. Returns true if it is new.
   */
  put (scenario: Scenario | string, options?: AddScenarioOptions): boolean
}

/** The scenarios of an emulator, with these checks. */
export function checkedScenarios (scenarios: Scenarios): TestScenarios {
  return {
    clear: subscriptionId => scenarios.clear(subscriptionId),
    delete: (name, subscriptionId) => scenarios.delete(name, subscriptionId),
    find: (name, subscriptionId) => scenarios.find(name, subscriptionId),
    list: subscriptionId => scenarios.list(subscriptionId),
    named: subscriptionId => scenarios.named(subscriptionId),
    onMatch: listener => scenarios.onMatch(listener),
    put (scenario, options = {}) {
      const { position } = checkedOptions(options, ['position'], 'scenarios.put')
      const value = typeof scenario === 'string' ? namedScenario(scenarios, scenario) : scenario
      refuse(scenarioMistakes(value), 'the scenario')
      return scenarios.put(value, { position })
    },
    replaceAll (all) {
      refuse(scenarioListMistakes(all))
      scenarios.replaceAll(all)
    },
    reset: subscriptionId => scenarios.reset(subscriptionId),
    async waitFor (name, options = {}) {
      return await scenarios.waitFor(name, checkedOptions(options, ['timeout', 'subscriptionId', 'signal'], 'scenarios.waitFor'))
    }
  }
}
