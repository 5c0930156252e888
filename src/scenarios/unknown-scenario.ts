import { nearestOf } from '../validation/nearest.js'

interface Place {
  /** Undefined for several. */
  readonly subscriptionId?: string | undefined
}

/** There is no scenario of this name. */
export class UnknownScenario extends Error {
  readonly scenario: string
  /** The known names that it is nearest to, as a question, or where one of this name is; empty if there is neither. */
  readonly hint: string

  /** `others` are those of this name that belong elsewhere. */
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
    ? " of this subscription alone, but one that may match several: leave 'subscriptionId' out"
    : ` that may match several subscriptions, but one of ${subscriptionId}: give that as 'subscriptionId'`
}
