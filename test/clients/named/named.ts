import { readFileSync } from 'node:fs'
import { NamedScenarios, type ScenarioFile } from '../../../src/scenarios/named.js'
import type { Scenario } from '../../../src/scenarios/scenario.js'

/** What a user of a client sees in a scenario. */
export interface Seen {
  /** What the client returned: the script's output, if there is any. */
  readonly returns?: string
  /** The class or kind of the error, and its code or the start of its message. */
  readonly error?: string
  /** The number of run commands that azrun received, if it is more than one. */
  readonly runs?: number
  /** Why the client was not run. */
  readonly skipped?: string
}

export type Table = Readonly<Record<string, Seen>>

/** What users of a client see, by scenario: the data of the tests and of docs/scenarios-named.md. */
export function readTable (name: string): Table {
  return JSON.parse(readFileSync(new URL(`${name}.json`, import.meta.url), 'utf8'))
}

/** Every named scenario of Resource Manager, limited to the machine with its name, so that all can be active. */
export function byMachine (): Scenario[] {
  return new NamedScenarios().list().filter(file => !isOfLogin(file)).map(({ scenario }) => {
    const { name, match } = scenario
    return { ...scenario, match: { ...match, ...!match?.operation?.includes('List') && { vmName: name } } }
  })
}

/** Whether the scenario affects logins. */
export function isOfLogin ({ scenario: { do: effects, match } }: ScenarioFile): boolean {
  return effects.some(effect => 'login' in effect) || match?.operation?.startsWith('Tokens') === true
}
