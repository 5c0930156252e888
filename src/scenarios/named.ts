import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Scenario } from './scenario.js'

/** What a file of a scenario has. */
export interface ScenarioFile {
  readonly scenario: Scenario
  readonly description?: string
  /** What a good client does. */
  readonly client?: string
  /** The URL of the public report that it comes from. */
  readonly source?: string
}

const DIRECTORY = join(import.meta.dirname, '../../fixtures/scenarios')

/** The scenarios that every azrun has, one for each file of fixtures/scenarios. They are read when first needed. */
export class NamedScenarios {
  #files: ReadonlyMap<string, ScenarioFile> | undefined

  list (): readonly ScenarioFile[] {
    return [...this.#read().values()]
  }

  find (name: string): Scenario | undefined {
    return this.#read().get(name)?.scenario
  }

  #read (): ReadonlyMap<string, ScenarioFile> {
    this.#files ??= new Map(readdirSync(DIRECTORY).sort().map(name => {
      const { $schema, ...file }: ScenarioFile & { readonly $schema: string } =
        JSON.parse(readFileSync(join(DIRECTORY, name), 'utf8'))
      return [file.scenario.name, file]
    }))
    return this.#files
  }
}
