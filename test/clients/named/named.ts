import { readFileSync } from 'node:fs'
import { NamedScenarios, type ScenarioFile } from '../../../src/scenarios/named.js'
import type { Scenario } from '../../../src/scenarios/scenario.js'

/** What a user of a client sees of a scenario. */
export interface Seen {
  /** What the client returned: the script's output, where there is one. */
  readonly returns?: string
  /** The class or kind of the error, and its code or the beginning of its message. */
  readonly error?: string
  /** How many run commands arrived, where it is more than one. */
  readonly runs?: number
  /** Why the client was not run. */
  readonly skipped?: string
}

export type Table = Readonly<Record<string, Seen>>

/** What users of a client see, by scenario: the data of the tests and of docs/scenarios-named.md. */
export function readTable (name: string): Table {
  return JSON.parse(readFileSync(new URL(`${name}.json`, import.meta.url), 'utf8'))
}

/** Every named scenario that concerns Resource Manager, for the machine of its own name alone: all at the same time. */
export function byMachine (): Scenario[] {
  return new NamedScenarios().list().filter(file => !isOfLogin(file)).map(({ scenario }) => {
    const { name, match } = scenario
    return { ...scenario, match: { ...match, ...!match?.operation?.includes('List') && { vmName: name } } }
  })
}

/** Whether clients meet it where they log in. */
export function isOfLogin ({ scenario: { do: effects, match } }: ScenarioFile): boolean {
  return effects.some(effect => 'login' in effect) || match?.operation?.startsWith('Tokens') === true
}
