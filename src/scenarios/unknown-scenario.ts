import { nearestOf } from '../validation/nearest.js'

interface Place {
  /** Undefined if it may match several. */
  readonly subscriptionId?: string | undefined
}

/** There is no scenario of this name. */
export class UnknownScenario extends Error {
  override readonly name = 'UnknownScenario'
  readonly scenario: string
  /** Where a scenario of this name is, or the nearest known names as a question; may be empty. */
  readonly hint: string

  /** `others` are scenarios of this name in other subscriptions. */
  constructor (scenario: string, known: readonly string[], [other]: readonly Place[] = []) {
    const near = nearestOf(scenario, known).map(name => `'${name}'`)
    const nearText = near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`
    const hint = other === undefined ? nearText : elsewhere(other)
    super(`there is no scenario '${scenario}'${hint}`)
    this.scenario = scenario
    this.hint = hint
  }
}

function elsewhere ({ subscriptionId }: Place): string {
  return subscriptionId === undefined
    ? " for this subscription alone, but there is one that may match several: leave out 'subscriptionId'"
    : ` that may match several subscriptions, but there is one for ${subscriptionId}: give that as 'subscriptionId'`
}
