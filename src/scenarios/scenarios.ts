import { isDeepStrictEqual } from 'node:util'
import type { Call } from '../matching/match.js'
import { reconfigured, restored } from './configured.js'
import type { Effects } from './effects.js'
import { identityOf } from './identity.js'
import { Listeners, type ScenarioMatch, type ScenariosEdit } from './listeners.js'
import { NamedScenarios, type ScenarioFile } from './named.js'
import { PreferredTallies } from './preferred-tallies.js'
import type { EffectKind, Scenario } from './scenario.js'
import { Tally, type ScenarioState } from './tally.js'
import { UnknownScenario } from './unknown-scenario.js'
import { waitUntilDone, type ScenarioWaitOptions } from './wait.js'

export interface ScenariosOptions {
  /** The scenarios that are active from the start, in order. */
  readonly configured?: readonly Scenario[]
  /** Returns a random number from 0 to 1, exclusive of 1. Default: Math.random. */
  readonly next?: () => number
}

/** Where to add a scenario. */
export interface AddScenarioOptions {
  /** The position among the active scenarios, which are tried in order. Default: first. */
  readonly position?: 'first' | 'last' | undefined
}

/** The active scenarios, in the order in which they are tried. It does not validate them. */
export class Scenarios {
  readonly #next: () => number
  readonly #named = new NamedScenarios()
  readonly #preferred = new PreferredTallies()
  readonly #matchListeners = new Listeners<ScenarioMatch>()
  readonly #editListeners = new Listeners<ScenariosEdit>()
  readonly #closed = new AbortController()
  #configured: readonly Scenario[]
  #active: Tally[]

  constructor ({ configured = [], next = Math.random }: ScenariosOptions = {}) {
    this.#next = next
    this.#configured = configured
    this.#active = configured.map(scenario => new Tally(scenario))
  }

  /** Whether no scenario can apply to a request that does not name one. */
  get isEmpty (): boolean {
    return this.#active.length === 0 && this.#preferred.isEmpty
  }

  /** All active scenarios, or those that match only this subscription. */
  list (subscriptionId?: string): ScenarioState[] {
    const id = subscriptionId?.toLowerCase()
    const listed = id === undefined ? this.#active : this.#active.filter(tally => tally.subscriptionId === id)
    return listed.map(({ state }) => state)
  }

  /** The scenario of this name that matches only this subscription; without one, that may match several. */
  find (name: string, subscriptionId?: string): ScenarioState | undefined {
    return this.#find(name, subscriptionId)?.state
  }

  /**
   * The scenarios that requests can name, or requests to this subscription: the active ones, then the built-in ones
   * whose names are not taken.
   */
  named (subscriptionId?: string): ScenarioFile[] {
    const id = subscriptionId?.toLowerCase()
    const active = this.#active.filter(tally => id === undefined || (tally.subscriptionId ?? id) === id)
      .map(({ scenario }) => ({ scenario }))
    const names = new Set(active.map(({ scenario: { name } }) => name))
    return [...active, ...this.#named.list().filter(({ scenario: { name } }) => !names.has(name))]
  }

  /**
   * Adds a scenario, or replaces the one of the same identity at its place with a new count. Returns true if it is new.
   * See `identityOf`: a scenario of one subscription replaces none of another, and none that may match several.
   */
  put (scenario: Scenario, { position = 'first' }: AddScenarioOptions = {}): boolean {
    const tally = new Tally(scenario)
    const index = this.#active.findIndex(({ identity }) => identity === tally.identity)
    if (index >= 0) this.#active[index] = tally
    else if (position === 'first') this.#active.unshift(tally)
    else this.#active.push(tally)
    this.#changed('put', tally)
    return index < 0
  }

  replaceAll (scenarios: readonly Scenario[]): void {
    this.#active = scenarios.map(scenario => new Tally(scenario))
    this.#changed('replaced')
  }

  /** Deletes the scenario that `find` finds; false if there is none. */
  delete (name: string, subscriptionId?: string): boolean {
    const found = this.#find(name, subscriptionId)
    if (found === undefined) return false
    this.#active = this.#active.filter(tally => tally !== found)
    this.#changed('deleted', found)
    return true
  }

  /**
   * Deletes all scenarios, including configured ones, or those that match only this subscription. Returns their number.
   */
  clear (subscriptionId?: string): number {
    const id = subscriptionId?.toLowerCase()
    const before = this.#active.length
    this.#active = id === undefined ? [] : this.#active.filter(tally => tally.subscriptionId !== id)
    this.#changed('replaced', { subscriptionId: id })
    return before - this.#active.length
  }

  /**
   * Restores the configured scenarios, or those that match only this subscription, with new counts, and deletes the
   * others. Returns the number of those.
   */
  reset (subscriptionId?: string): number {
    const id = subscriptionId?.toLowerCase()
    const before = this.#active
    this.#active = restored(before, this.#configured, id)
    this.#preferred.clear(subscriptionId)
    this.#changed('replaced', { subscriptionId: id })
    return before.filter(({ scenario }) => !this.#active.some(tally => tally.scenario === scenario)).length
  }

  /** Replaces the configured scenarios. Unchanged ones keep their count. Added ones stay, and stay first. */
  configure (configured: readonly Scenario[]): void {
    if (isDeepStrictEqual(configured, this.#configured)) return
    const changed = reconfigured(this.#active, this.#configured, configured)
    this.#active = changed.active
    this.#configured = changed.configured
    this.#changed('replaced')
  }

  /**
   * Counts a call and returns the effects on it; undefined if no scenario applies. A scenario that the request names,
   * as `preferred` finds it, comes first.
   */
  effectsOf (call: Call, named?: Scenario): Effects | undefined {
    const effects: Record<string, unknown> = {}
    const scenarios: string[] = []
    // With many tests at a time, most scenarios belong to other subscriptions.
    const id = call.subscriptionId?.toLowerCase()
    const preferred = named && this.#preferred.tallyOf(named, call)
    const tallies = this.#active.filter(({ scenario, subscriptionId }) =>
      (subscriptionId === undefined || subscriptionId === id) && scenario !== preferred?.scenario)
    for (const tally of preferred === undefined ? tallies : [preferred, ...tallies]) {
      const kinds = tally.count(call, effects, this.#next)
      if (kinds === undefined) continue
      if (kinds.length > 0) scenarios.push(tally.scenario.name)
      if (!this.#matchListeners.isEmpty) this.#matched(tally, kinds, call)
    }
    return scenarios.length === 0 ? undefined : { ...effects, scenarios }
  }

  /**
   * The scenario that a request to a subscription names. Those of the subscription come first, then those that may
   * match several, then the built-in ones. Throws `UnknownScenario` if there is none.
   */
  preferred (name: string, subscriptionId?: string): Scenario {
    const scenario = this.#byName(name, subscriptionId)
    if (scenario === undefined) {
      throw new UnknownScenario(name, this.named(subscriptionId ?? '').map(({ scenario }) => scenario.name))
    }
    return scenario
  }

  /** The scenario for a poll that names none: the one that the start of the operation named, unless it was removed. */
  namedByStart (operationId: string | undefined): Scenario | undefined {
    const started = operationId === undefined ? undefined : this.#preferred.startOf(operationId)
    return started && this.#byName(started.name, started.subscriptionId)
  }

  /** Records that a request which names a scenario has started an operation. */
  start (operationId: string, name: string, subscriptionId: string): void {
    this.#preferred.start(operationId, name, subscriptionId)
  }

  /**
   * Resolves once the scenario that `find` finds is done. Rejects with `ScenarioNotDone` after `timeout` milliseconds
   * (default: 10 000), and with `UnknownScenario` if it is not active or is removed.
   */
  async waitFor (name: string, options: ScenarioWaitOptions = {}): Promise<ScenarioState> {
    return await waitUntilDone(this, name, options)
  }

  /** Ends all waits for scenarios, as if their time were over. */
  close (): void {
    this.#closed.abort()
  }

  /** Aborted by `close`. */
  get closed (): AbortSignal {
    return this.#closed.signal
  }

  /** Calls the listener for each call that a scenario matches. Returns a function that unsubscribes. */
  onMatch (listener: (match: ScenarioMatch) => void): () => void {
    return this.#matchListeners.add(listener)
  }

  /** Calls the listener when scenarios are added or removed. Returns a function that unsubscribes. */
  onEdit (listener: (edit: ScenariosEdit) => void): () => void {
    return this.#editListeners.add(listener)
  }

  /** The error for a name that `find` does not find. */
  unknown (name: string, subscriptionId?: string): UnknownScenario {
    const names = this.#active.filter(({ subscriptionId: own }) => own === subscriptionId?.toLowerCase())
    // A subscription has nothing to do with the scenarios of another one.
    const others = this.#active.filter(({ scenario, subscriptionId: own }) =>
      scenario.name === name && (subscriptionId === undefined || own === undefined))
    return new UnknownScenario(name, names.map(({ scenario }) => scenario.name), others)
  }

  #byName (name: string, subscriptionId: string | undefined): Scenario | undefined {
    const active = this.#find(name, subscriptionId) ?? this.#find(name)
    return active?.scenario ?? this.#named.find(name)
  }

  #find (name: string, subscriptionId?: string): Tally | undefined {
    const sought = identityOf({ name, match: { subscriptionId } })
    return this.#active.find(({ identity }) => identity === sought)
  }

  #matched ({ state: { name, matched, done } }: Tally, effects: readonly EffectKind[], call: Call): void {
    this.#matchListeners.tell({ scenario: name, matched, done, effects, call })
  }

  #changed (change: ScenariosEdit['change'], { scenario, subscriptionId }: Partial<Tally> = {}): void {
    this.#editListeners.tell({
      change,
      ...scenario !== undefined && { name: scenario.name },
      ...subscriptionId !== undefined && { subscriptionId }
    })
  }
}
