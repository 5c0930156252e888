import type { Call } from '../matching/match.js'
import { POLLS } from '../matching/operation-kinds.js'
import type { Scenario } from './scenario.js'
import { Tally } from './tally.js'

/** The most counts and operations to keep; the oldest are dropped. */
const MOST = 10_000

interface Started {
  readonly name: string
  readonly subscriptionId: string
}

/** The scenarios that requests name, counted for each subscription. */
export class PreferredTallies {
  readonly #tallies = new Map<string, Tally>()
  readonly #started = new Map<string, Started>()

  /** Whether no operation names a scenario. */
  get isEmpty (): boolean {
    return this.#started.size === 0
  }

  /** Makes polls of the operation name the scenario, too. */
  start (operationId: string, name: string, subscriptionId: string): void {
    add(this.#started, operationId, { name, subscriptionId: subscriptionId.toLowerCase() })
  }

  /** The scenario that the start of an operation named, and the subscription. */
  startOf (operationId: string): Started | undefined {
    return this.#started.get(operationId)
  }

  /**
   * The count of a scenario in a subscription. It starts again after the first call that finds the scenario done. For a
   * scenario about polls, each operation has its own count from its first poll on, which does not start again.
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

  /** Forgets the counts and operations of one subscription, by default of all. */
  clear (subscriptionId?: string): void {
    const id = subscriptionId?.toLowerCase()
    for (const key of this.#tallies.keys()) if (key.startsWith(id === undefined ? '' : `${id}\n`)) this.#tallies.delete(key)
    for (const [key, { subscriptionId: own }] of this.#started) if (own === (id ?? own)) this.#started.delete(key)
  }
}

function isAboutPolls ({ match, do: effects }: Scenario): boolean {
  const operation = match?.operation?.toLowerCase()
  return POLLS.some(id => id.toLowerCase() === operation) || effects.every(effect => 'poll' in effect)
}

function add<Value> (map: Map<string, Value>, key: string, value: Value): void {
  map.set(key, value)
  if (map.size > MOST) map.delete(map.keys().next().value!)
}
