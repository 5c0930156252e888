import { nearestOf } from '../validation/nearest.js'

/** There is no scenario of this name. */
export class UnknownScenario extends Error {
  readonly scenario: string
  /** The known names that it is nearest to, as a question; empty if none is near. */
  readonly hint: string

  constructor (scenario: string, known: readonly string[]) {
    const near = nearestOf(scenario, known).map(name => `'${name}'`)
    const hint = near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`
    super(`there is no scenario '${scenario}'${hint}`)
    this.scenario = scenario
    this.hint = hint
  }
}
