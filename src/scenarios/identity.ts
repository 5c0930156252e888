import type { Scenario } from './scenario.js'

type Identified = Pick<Scenario, 'name' | 'match'>

/** The only subscription that a scenario matches, in lower case; undefined for one that may match several. */
export function subscriptionOf ({ match }: Pick<Scenario, 'match'>): string | undefined {
  const id = match?.subscriptionId?.toLowerCase()
  return id?.includes('*') ? undefined : id
}

/** A scenario's name within its subscription: one that has the same replaces it. */
export function identityOf (scenario: Identified): string {
  return `${subscriptionOf(scenario) ?? ''}\n${scenario.name}`
}
