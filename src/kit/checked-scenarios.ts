import type { Scenarios } from '../emulator/emulator.js'
import { scenarioListMistakes, scenarioMistakes } from '../options/scenario-check.js'
import { refuse } from './expectations.js'

/** The scenarios of an emulator, which throw a `UsageError` for a scenario that is not valid. */
export function checkedScenarios (scenarios: Scenarios): Scenarios {
  return {
    clear: subscriptionId => scenarios.clear(subscriptionId),
    delete: (name, subscriptionId) => scenarios.delete(name, subscriptionId),
    find: (name, subscriptionId) => scenarios.find(name, subscriptionId),
    list: subscriptionId => scenarios.list(subscriptionId),
    named: subscriptionId => scenarios.named(subscriptionId),
    onMatch: listener => scenarios.onMatch(listener),
    put (scenario, position) {
      refuse(scenarioMistakes(scenario), 'the scenario')
      return scenarios.put(scenario, position)
    },
    replaceAll (all) {
      refuse(scenarioListMistakes(all))
      scenarios.replaceAll(all)
    },
    reset: subscriptionId => scenarios.reset(subscriptionId),
    waitFor: async (name, options) => await scenarios.waitFor(name, options)
  }
}
