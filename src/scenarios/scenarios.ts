import { isDeepStrictEqual } from 'node:util'
import type { Effects } from './effects.js'
import { identityOf, subscriptionOf } from './identity.js'
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

/** What has become of the active scenarios. */
export interface ScenariosEdit {
  /** `replaced`: of all, or of all of the subscription, others may be active now. */
  readonly change: 'put' | 'deleted' | 'replaced'
  /** Of the scenario; absent where several are concerned. */
  readonly name?: string
  /** The only one that the scenario matches, or that is concerned, in lower case. */
  readonly subscriptionId?: string
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
  readonly #editListeners = new Set<(edit: ScenariosEdit) => void>()
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

  /** The one of this name that matches one subscription alone, by default the one that does not. */
  find (name: string, subscriptionId?: string): ScenarioState | undefined {
    return this.#find(name, subscriptionId)?.state
  }

  /**
   * What requests can name: the scenarios that every azrun has, and the active ones, which come before them. With a
   * subscription: what requests to that one can.
   */
  named (subscriptionId?: string): ScenarioFile[] {
    const id = subscriptionId?.toLowerCase()
    const active = this.#active.filter(tally => id === undefined || (tally.subscriptionId ?? id) === id)
      .map(({ scenario }) => ({ scenario }))
    const names = new Set(active.map(({ scenario: { name } }) => name))
    return [...active, ...this.#named.list().filter(({ scenario: { name } }) => !names.has(name))]
  }

  /**
   * Adds a scenario, or replaces the one of its name at its place, uncounted; true if it is new. One that matches a
   * single subscription has its name there: it replaces none of another subscription, and none that matches several.
   */
  put (scenario: Scenario, position: 'first' | 'last' = 'first'): boolean {
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

  /** Deletes the one that `find` finds; whether there was one. */
  delete (name: string, subscriptionId?: string): boolean {
    const found = this.#find(name, subscriptionId)
    if (found === undefined) return false
    this.#active = this.#active.filter(tally => tally !== found)
    this.#changed('deleted', found)
    return true
  }

  /** Deletes those that match one subscription alone, the configured ones, too. Default: all. */
  deleteAll (subscriptionId?: string): void {
    const id = subscriptionId?.toLowerCase()
    this.#active = id === undefined ? [] : this.#active.filter(tally => tally.subscriptionId !== id)
    this.#changed('replaced', { subscriptionId: id })
  }

  /**
   * Brings those that match one subscription alone (default: all) back to what was configured, uncounted. Returns how
   * many others were dropped.
   */
  clear (subscriptionId?: string): number {
    const id = subscriptionId?.toLowerCase()
    const isOf = (scenario: Scenario) => id === undefined || subscriptionOf(scenario) === id
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
    this.#changed('replaced', { subscriptionId: id })
    return dropped
  }

  /** Other scenarios are configured from now on. Those that are the same keep their count, added ones stay first. */
  configure (configured: readonly Scenario[]): void {
    if (isDeepStrictEqual(configured, this.#configured)) return
    const before = new Set(this.#configured)
    const added = this.#active.filter(({ scenario }) => !before.has(scenario))
    const identities = new Set(added.map(({ identity }) => identity))
    const former = this.#active.filter(({ scenario }) => before.has(scenario))
    const kept = configured.filter(each => !identities.has(identityOf(each))).map(each =>
      former.find(({ scenario }) => isDeepStrictEqual(scenario, each)) ?? new Tally(each))
    this.#active = [...added, ...kept]
    this.#configured = configured.map(scenario =>
      kept.find(({ identity }) => identity === identityOf(scenario))?.scenario ?? scenario)
    this.#changed('replaced')
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
    const named = name === undefined ? undefined : this.preferred(name, call.subscriptionId)
    const preferred = named && this.#preferred.tallyOf(named, call)
    const tallies = this.#active.filter(({ scenario, subscriptionId }) =>
      (subscriptionId === undefined || subscriptionId === id) && scenario !== preferred?.scenario)
    for (const tally of preferred === undefined ? tallies : [preferred, ...tallies]) {
      const kinds = tally.count(call, effects, this.#next)
      if (kinds === undefined) continue
      if (kinds.length > 0) scenarios.push(tally.scenario.name)
      if (this.#listeners.size > 0) this.#tell(tally, kinds, call)
    }
    return scenarios.length === 0 ? undefined : { ...effects, scenarios }
  }

  /**
   * The scenario that a request to a subscription names: that subscription's own come first, then those of several,
   * then those that every azrun has. Throws `UnknownScenario`.
   */
  preferred (name: string, subscriptionId?: string): Scenario {
    const active = this.#find(name, subscriptionId) ?? this.#find(name)
    const scenario = active?.scenario ?? this.#named.find(name)
    if (scenario === undefined) {
      throw new UnknownScenario(name, this.named(subscriptionId ?? '').map(({ scenario }) => scenario.name))
    }
    return scenario
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
   * (default: 10 000), and with `UnknownScenario` if it is not active, or no longer. It is the one that `find` finds.
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

  /** Calls the listener when scenarios are added or removed, until the returned function is called. */
  onEdit (listener: (edit: ScenariosEdit) => void): () => void {
    this.#editListeners.add(listener)
    return () => this.#editListeners.delete(listener)
  }

  /** Why `find` finds none. */
  unknown (name: string, subscriptionId?: string): UnknownScenario {
    const names = this.#active.filter(({ subscriptionId: own }) => own === subscriptionId?.toLowerCase())
    const others = this.#active.filter(({ scenario }) => scenario.name === name)
    return new UnknownScenario(name, names.map(({ scenario }) => scenario.name), others)
  }

  #find (name: string, subscriptionId?: string): Tally | undefined {
    const sought = identityOf({ name, match: { subscriptionId } })
    return this.#active.find(({ identity }) => identity === sought)
  }

  #tell ({ state: { name, matched, done } }: Tally, effects: readonly EffectKind[], call: Call): void {
    for (const listener of this.#listeners) listener({ scenario: name, matched, done, effects, call })
  }

  #changed (change: ScenariosEdit['change'], { scenario, subscriptionId }: Partial<Tally> = {}): void {
    for (const listener of this.#listeners) listener()
    const name = scenario?.name
    for (const listener of this.#editListeners) {
      listener({ change, ...name !== undefined && { name }, ...subscriptionId !== undefined && { subscriptionId } })
    }
  }
}
