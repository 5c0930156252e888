import type { Call } from './match.js'
import type { Scenario } from './scenario.js'
import { Tally } from './tally.js'

/** Of each kind of what is kept, the oldest goes when there are more. */
const MOST = 10_000

interface Started {
  readonly name: string
  readonly subscriptionId: string
}

/** The scenarios that requests name themselves, counted for each subscription. */
export class PreferredScenarios {
  readonly #tallies = new Map<string, Tally>()
  readonly #started = new Map<string, Started>()

  /** Whether no operation names a scenario. */
  get isEmpty (): boolean {
    return this.#started.size === 0
  }

  /** Polls of the operation count as naming the scenario, too. */
  start (operationId: string, name: string, subscriptionId: string): void {
    add(this.#started, operationId, { name, subscriptionId: subscriptionId.toLowerCase() })
  }

  /** The name of the scenario that the request which started an operation named. */
  nameOf (operationId: string): string | undefined {
    return this.#started.get(operationId)?.name
  }

  /**
   * The count of a scenario in a subscription. It begins anew after the first call that finds the scenario done. Where
   * a scenario is about polls, every operation has a count of its own, which does not begin anew: its first poll is the
   * first call.
   */
  tallyOf (scenario: Scenario, call: Pick<Call, 'subscriptionId' | 'operationId'>): Tally {
    const { subscriptionId = '', operationId } = call
    const isOfOperation = operationId !== undefined && isAboutPolls(scenario)
    const key = `${subscriptionId.toLowerCase()}\n${scenario.name}\n${isOfOperation ? operationId : ''}`
    const known = this.#tallies.get(key)
    if (known?.scenario === scenario && (isOfOperation || known.matched <= known.calls.last)) return known
    const tally = new Tally(scenario)
    this.#tallies.delete(key)
    add(this.#tallies, key, tally)
    return tally
  }

  /** Forgets the counts and operations of one subscription. Default: of all. */
  clear (subscriptionId?: string): void {
    const id = subscriptionId?.toLowerCase()
    for (const key of this.#tallies.keys()) if (key.startsWith(id === undefined ? '' : `${id}\n`)) this.#tallies.delete(key)
    for (const [key, { subscriptionId: own }] of this.#started) if (own === (id ?? own)) this.#started.delete(key)
  }
}

function isAboutPolls ({ match, do: effects }: Scenario): boolean {
  return match?.operation?.toLowerCase() === 'operations_get' || effects.every(effect => 'poll' in effect)
}

function add<Value> (map: Map<string, Value>, key: string, value: Value): void {
  map.set(key, value)
  if (map.size > MOST) map.delete(map.keys().next().value!)
}
