import type { Effects } from './effects.js'
import { compileMatch, type Call } from './match.js'
import type { Scenario } from './scenario.js'

export interface ScenarioState extends Scenario {
  /** How many calls have matched. */
  readonly matched: number
  /** Whether its calls are used up. */
  readonly done: boolean
}

/** The active scenarios, in the order in which they are tried. */
export class Scenarios {
  #active: Active[] = []

  get isEmpty (): boolean {
    return this.#active.length === 0
  }

  list (): ScenarioState[] {
    return this.#active.map(({ scenario, matched }) => ({ ...scenario, matched, done: false }))
  }

  /** Adds a scenario, or replaces the one of its name at its place; true if it is new. */
  put (scenario: Scenario, position: 'first' | 'last' = 'first'): boolean {
    const index = this.#active.findIndex(({ scenario: { name } }) => name === scenario.name)
    if (index >= 0) this.#active[index] = new Active(scenario)
    else if (position === 'first') this.#active.unshift(new Active(scenario))
    else this.#active.push(new Active(scenario))
    return index < 0
  }

  replaceAll (scenarios: readonly Scenario[]): void {
    this.#active = scenarios.map(scenario => new Active(scenario))
  }

  /** Whether there was one. */
  delete (name: string): boolean {
    const index = this.#active.findIndex(({ scenario }) => scenario.name === name)
    if (index >= 0) this.#active.splice(index, 1)
    return index >= 0
  }

  /** What the scenarios do to a call, which they count; undefined if none applies. */
  effectsOf (call: Call): Effects | undefined {
    const effects: Record<string, unknown> = {}
    const scenarios: string[] = []
    for (const active of this.#active) {
      if (!active.matches(call)) continue
      active.matched++
      scenarios.push(active.scenario.name)
      for (const effect of active.scenario.do) Object.assign(effects, { ...effect, ...effects })
    }
    return scenarios.length === 0 ? undefined : { ...effects, scenarios }
  }
}

class Active {
  readonly scenario: Scenario
  readonly matches: (call: Call) => boolean
  matched = 0

  constructor (scenario: Scenario) {
    this.scenario = scenario
    this.matches = compileMatch(scenario.match)
  }
}
