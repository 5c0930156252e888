import { UsageError } from '../core/usage-error.js'
import type { Scenarios } from '../emulator/emulator.js'
import { isLogin } from '../matching/operation-kinds.js'
import { scenarioMistakes } from '../options/scenario-check.js'
import { operationsLike } from '../scenarios/check-operation.js'
import type { Scenario } from '../scenarios/scenario.js'
import type { AddScenarioOptions } from '../scenarios/scenarios.js'
import type { ScenarioState } from '../scenarios/tally.js'
import { checkedOptions } from './checked-options.js'
import { refuse } from './expectations.js'
import { namedScenario } from './named-scenario.js'

/** The scenarios of one subscription. They affect no request of another, whatever their names. */
export class SubscriptionScenarios {
  readonly #scenarios: Scenarios
  readonly #subscriptionId: string

  constructor (scenarios: Scenarios, subscriptionId: string) {
    this.#scenarios = scenarios
    this.#subscriptionId = subscriptionId
  }

  /**
   * Adds a scenario, or replaces the one of that name. A text is the name of a built-in one. Throws a `UsageError` for
   * a scenario that is not valid, or that is about logins: they belong to no subscription.
   */
  add (scenario: Scenario | string, options: AddScenarioOptions = {}): void {
    const { position } = checkedOptions(options, ['position'], 'scenarios.add')
    const value = typeof scenario === 'string' ? namedScenario(this.#scenarios, scenario, this.#subscriptionId) : scenario
    refuse(scenarioMistakes(value), 'the scenario')
    const { name, match } = value
    const login = whyLogin(value)
    if (login !== undefined) {
      throw new UsageError(`scenario '${name}' ${login}, but a login belongs to no subscription: give it to scenarios.put of the emulator`)
    }
    const subscriptionId = match?.subscriptionId ?? this.#subscriptionId
    if (subscriptionId.toLowerCase() !== this.#subscriptionId) {
      throw new UsageError(`'match.subscriptionId' of scenario '${name}' must be ${this.#subscriptionId}, that of its own ` +
        `subscription, not '${subscriptionId}': leave it out`)
    }
    this.#scenarios.put({ ...value, match: { ...match, subscriptionId } }, { position })
  }

  /** Removes a scenario. Returns whether there was one of this name. */
  remove (name: string): boolean {
    return this.#scenarios.delete(name, this.#subscriptionId)
  }

  /** Deletes the scenarios, and returns how many there were. */
  clear (): number {
    return this.#scenarios.clear(this.#subscriptionId)
  }

  /** The scenarios in the order in which they are tried, with how many calls have matched. */
  list (): ScenarioState[] {
    return this.#scenarios.list(this.#subscriptionId)
  }

  /**
   * Resolves once the calls of a scenario are used up. Rejects with a `ScenarioNotDone` after `timeout` milliseconds of
   * real time (default: 10 000), and with an `UnknownScenario` if there is none of this name or it is removed.
   */
  async waitFor (name: string, options: { readonly timeout?: number } = {}): Promise<ScenarioState> {
    const { timeout } = checkedOptions(options, ['timeout'], 'scenarios.waitFor')
    return await this.#scenarios.waitFor(name, { timeout, subscriptionId: this.#subscriptionId })
  }
}

/** Why a scenario is about logins; undefined if it can be about other requests. */
function whyLogin ({ match: { operation } = {}, do: effects }: Scenario): string | undefined {
  if (effects.some(effect => 'login' in effect)) return "has the effect 'login'"
  if (operation === undefined || !operationsLike(operation).every(isLogin)) return undefined
  return `is only about logins, since its 'match.operation' is '${operation}'`
}
