import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Scenario } from './scenario.js'

/** The content of a scenario file. */
export interface ScenarioFile {
  readonly scenario: Scenario
  readonly description?: string
  /** What a good client does. */
  readonly client?: string
  /** The URL of the public report behind it. */
  readonly source?: string
}

const DIRECTORY = join(import.meta.dirname, '../../fixtures/scenarios')

/** The built-in scenarios, one for each file in fixtures/scenarios. They are read on first use. */
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
