import type { Scenario } from './scenario.js'

type Identified = Pick<Scenario, 'name' | 'match'>

/** The only subscription that a scenario matches, in lower case; undefined if it may match several. */
export function subscriptionOf ({ match }: Pick<Scenario, 'match'>): string | undefined {
  const id = match?.subscriptionId?.toLowerCase()
  return id?.includes('*') ? undefined : id
}

/** A scenario's name within its subscription. A new scenario replaces one with the same identity. */
export function identityOf (scenario: Identified): string {
  return `${subscriptionOf(scenario) ?? ''}\n${scenario.name}`
}
