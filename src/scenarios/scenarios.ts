import { isDeepStrictEqual } from 'node:util'
import type { Effects } from './effects.js'
import type { Call } from './match.js'
import { NamedScenarios, type ScenarioFile } from './named.js'
import { PreferredScenarios } from './preferred.js'
import type { EffectKind, Scenario } from './scenario.js'
import { Tally, type ScenarioState } from './tally.js'
import { UnknownScenario } from './unknown-scenario.js'
import { waitUntilDone, type WaitOptions } from './wait.js'

/** A call that a scenario has matched. */
export interface ScenarioMatch {
  readonly scenario: string
  readonly matched: number
  readonly done: boolean
  /** The kinds of effects that apply to the call; empty if it is not one of `calls`, or by chance. */
  readonly effects: readonly EffectKind[]
  readonly call: Call
}

export interface ScenariosOptions {
  /** Those that are active from the start, in their order. */
  readonly configured?: readonly Scenario[]
  /** A random number from 0 to, but not including, 1. Default: Math.random. */
  readonly next?: () => number
}

/** The active scenarios, in the order in which they are tried. Values are not checked here. */
export class Scenarios {
  readonly #next: () => number
  readonly #named = new NamedScenarios()
  readonly #preferred = new PreferredScenarios()
  readonly #listeners = new Set<(match?: ScenarioMatch) => void>()
  #configured: readonly Scenario[]
  #active: Tally[]

  constructor ({ configured = [], next = Math.random }: ScenariosOptions = {}) {
    this.#next = next
    this.#configured = configured
    this.#active = configured.map(scenario => new Tally(scenario))
  }

  /** Whether no scenario can apply to a request that names none. */
  get isEmpty (): boolean {
    return this.#active.length === 0 && this.#preferred.isEmpty
  }

  /** All, or those that match one subscription alone. */
  list (subscriptionId?: string): ScenarioState[] {
    const id = subscriptionId?.toLowerCase()
    const listed = id === undefined ? this.#active : this.#active.filter(tally => tally.subscriptionId === id)
    return listed.map(({ state }) => state)
  }

  find (name: string): ScenarioState | undefined {
    return this.#active.find(({ scenario }) => scenario.name === name)?.state
  }

  /** What requests can name: the scenarios that every azrun has, and the active ones, which come before them. */
  named (): ScenarioFile[] {
    const active = this.#active.map(({ scenario }) => ({ scenario }))
    const names = new Set(active.map(({ scenario: { name } }) => name))
    return [...active, ...this.#named.list().filter(({ scenario: { name } }) => !names.has(name))]
  }

  /** Adds a scenario, or replaces the one of its name at its place, uncounted; true if it is new. */
  put (scenario: Scenario, position: 'first' | 'last' = 'first'): boolean {
    const index = this.#active.findIndex(({ scenario: { name } }) => name === scenario.name)
    if (index >= 0) this.#active[index] = new Tally(scenario)
    else if (position === 'first') this.#active.unshift(new Tally(scenario))
    else this.#active.push(new Tally(scenario))
    this.#changed()
    return index < 0
  }

  replaceAll (scenarios: readonly Scenario[]): void {
    this.#active = scenarios.map(scenario => new Tally(scenario))
    this.#changed()
  }

  /** Whether there was one. */
  delete (name: string): boolean {
    const index = this.#active.findIndex(({ scenario }) => scenario.name === name)
    if (index >= 0) this.#active.splice(index, 1)
    this.#changed()
    return index >= 0
  }

  /**
   * Brings those that match one subscription alone (default: all) back to what was configured, uncounted. Returns how
   * many others were dropped.
   */
  clear (subscriptionId?: string): number {
    const isOf = ({ match }: Scenario) => subscriptionId === undefined ||
      match?.subscriptionId?.toLowerCase() === subscriptionId.toLowerCase()
    const configured = this.#configured.filter(isOf)
    const isDropped = ({ scenario }: Tally) => isOf(scenario) && !configured.includes(scenario)
    const dropped = this.#active.filter(isDropped).length
    const stayed = subscriptionId === undefined ? [] : this.#active.filter(tally => !isDropped(tally))
    const missing = configured.filter(each => !stayed.some(({ scenario }) => scenario === each))
    this.#active = [
      ...stayed.map(tally => isOf(tally.scenario) ? new Tally(tally.scenario) : tally),
      ...missing.map(scenario => new Tally(scenario))
    ]
    this.#preferred.clear(subscriptionId)
    this.#changed()
    return dropped
  }

  /** Other scenarios are configured from now on. Those that are the same keep their count, added ones stay first. */
  configure (configured: readonly Scenario[]): void {
    if (isDeepStrictEqual(configured, this.#configured)) return
    const before = new Set(this.#configured)
    const added = this.#active.filter(({ scenario }) => !before.has(scenario))
    const names = new Set(added.map(({ scenario: { name } }) => name))
    const former = this.#active.filter(({ scenario }) => before.has(scenario))
    const kept = configured.filter(({ name }) => !names.has(name)).map(each =>
      former.find(({ scenario }) => isDeepStrictEqual(scenario, each)) ?? new Tally(each))
    this.#active = [...added, ...kept]
    this.#configured = configured.map(scenario =>
      kept.find(({ scenario: { name } }) => name === scenario.name)?.scenario ?? scenario)
    this.#changed()
  }

  /**
   * What the scenarios do to a call, which they count; undefined if none applies. A scenario that the request names
   * comes first. Throws `UnknownScenario`.
   */
  effectsOf (call: Call, name?: string): Effects | undefined {
    const effects: Record<string, unknown> = {}
    const scenarios: string[] = []
    // With many tests at once most scenarios are those of other subscriptions.
    const id = call.subscriptionId?.toLowerCase()
    const tallies = this.#active.filter(({ scenario, subscriptionId }) =>
      (subscriptionId === undefined || subscriptionId === id) && scenario.name !== name)
    for (const tally of name === undefined ? tallies : [this.#tallyOf(name, call), ...tallies]) {
      const kinds = tally.count(call, effects, this.#next)
      if (kinds === undefined) continue
      if (kinds.length > 0) scenarios.push(tally.scenario.name)
      if (this.#listeners.size > 0) this.#tell(tally, kinds, call)
    }
    return scenarios.length === 0 ? undefined : { ...effects, scenarios }
  }

  /** The name that a request for an operation has in effect if it names none: that of the operation's start. */
  nameFor (operationId: string): string | undefined {
    return this.#preferred.nameOf(operationId)
  }

  /** A request that names a scenario has started an operation. */
  start (operationId: string, name: string, subscriptionId: string): void {
    this.#preferred.start(operationId, name, subscriptionId)
  }

  /**
   * Resolves once the calls of a scenario are used up. Rejects with `ScenarioNotDone` after `timeout` milliseconds
   * (default: 10 000), and with `UnknownScenario` if it is not active, or no longer.
   */
  async waitFor (name: string, options: WaitOptions = {}): Promise<ScenarioState> {
    return await waitUntilDone(this, name, options)
  }

  /** Calls the listener for each call that a scenario matches, until the returned function is called. */
  onMatch (listener: (match: ScenarioMatch) => void): () => void {
    return this.onChange(match => { if (match !== undefined) listener(match) })
  }

  /** The same, and also without a match when scenarios are added or removed. */
  onChange (listener: (match?: ScenarioMatch) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #tallyOf (name: string, call: Call): Tally {
    const active = this.#active.find(({ scenario }) => scenario.name === name)
    const scenario = active?.scenario ?? this.#named.find(name)
    if (scenario === undefined) throw new UnknownScenario(name, this.named().map(({ scenario }) => scenario.name))
    return this.#preferred.tallyOf(scenario, call)
  }

  #tell ({ state: { name, matched, done } }: Tally, effects: readonly EffectKind[], call: Call): void {
    for (const listener of this.#listeners) listener({ scenario: name, matched, done, effects, call })
  }

  #changed (): void {
    for (const listener of this.#listeners) listener()
  }
}
