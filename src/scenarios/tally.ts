import { compileMatch, withCommandOperations, type Call, type Match } from '../matching/match.js'
import { callsOf, type Calls } from './calls.js'
import { concerns, kindOf } from './effects.js'
import { identityOf, subscriptionOf } from './identity.js'
import type { Effect, EffectKind, Scenario } from './scenario.js'

/** An active scenario, with its progress. */
export interface ScenarioState extends Scenario {
  /** The number of calls that have matched. */
  readonly matched: number
  /** Whether the last of its calls has come. */
  readonly done: boolean
}

/** A scenario with the number of calls that have matched it. */
export class Tally {
  readonly scenario: Scenario
  readonly calls: Calls
  /** The only subscription that it matches, in lower case; undefined if it may match several. */
  readonly subscriptionId: string | undefined
  /** See `identityOf`. */
  readonly identity: string
  readonly #matches: (call: Call) => boolean
  /** How often each kind of effect has applied. */
  readonly #turns = new Map<string, number>()
  #matched = 0

  constructor (scenario: Scenario) {
    this.scenario = scenario
    this.calls = callsOf(scenario.calls)
    this.subscriptionId = subscriptionOf(scenario)
    this.identity = identityOf(scenario)
    this.#matches = compileMatch(matchOf(scenario))
  }

  get matched (): number {
    return this.#matched
  }

  get state (): ScenarioState {
    return { ...this.scenario, matched: this.#matched, done: this.#matched >= this.calls.last }
  }

  /**
   * Counts a call if it matches, and adds the scenario's effects to `effects`, except for kinds that are there already.
   * Returns the added kinds, or undefined if the call does not match or no effect can apply to it.
   */
  count (call: Call, effects: Record<string, unknown>, next: () => number): EffectKind[] | undefined {
    const { do: all, chance = 1 } = this.scenario
    const concerned = all.filter(effect => concerns(effect, call.operation))
    if (concerned.length === 0 || !this.#matches(call)) return undefined
    this.#matched++
    if (this.#matched < this.calls.first || this.#matched > this.calls.last) return []
    if (chance < 1 && next() >= chance) return []
    return concerned.filter(effect => !(kindOf(effect) in effects)).map(effect => this.#add(effect, effects))
  }

  #add (effect: Effect, effects: Record<string, unknown>): EffectKind {
    const kind = kindOf(effect)
    const value: unknown = effect[kind]
    const turn = this.#turns.get(kind) ?? 0
    this.#turns.set(kind, turn + 1)
    effects[kind] = value === 'identityNotReady' ? { notReady: turn } : Array.isArray(value) ? value[turn % value.length] : value
    return kind
  }
}

/** The match of a scenario. With the effect `poll`, a match on a script includes polls. */
export function matchOf ({ match = {}, do: effects }: Scenario): Match {
  return effects.some(effect => 'poll' in effect) ? match : withCommandOperations(match)
}
