import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Fixture } from '../executors/fixture.js'
import { whyUnreadable } from '../files/why-unreadable.js'
import { errorsOf } from '../validation/json-schema.js'
import { mistakesOf, type Mistake } from '../validation/mistakes.js'
import type { OptionName } from './names.js'
import * as validators from './validators.js'

const BUILT_IN = fileURLToPath(new URL('../../fixtures/default.json', import.meta.url))

const FIXTURE_FILE = /\.jsonc?$/

/** What a file or directory of fixtures holds, and what is wrong with it: one line each. */
export interface FoundFixtures {
  readonly fixtures: readonly Fixture[]
  readonly problems: readonly string[]
}

/** The fixtures that every azrun has; they come after the user's own. */
export function builtInFixtures (): readonly Fixture[] {
  return JSON.parse(readFileSync(BUILT_IN, 'utf8')).fixtures
}

/** The fixtures of a file, or of all fixture files of a directory in the order of their names. */
export async function readFixtures (path: string, option: OptionName): Promise<FoundFixtures> {
  try {
    const files = filesOf(path)
    if (files.length > 0) return await readAll(files)
    return { fixtures: [], problems: [`${option.subject} ${path} has no fixture file, *.json or *.jsonc: add one`] }
  } catch (error) {
    return { fixtures: [], problems: [`${option.subject} ${path} ${whyUnreadable(error)}`] }
  }
}

/** What is wrong with a value that is to be the content of a fixture file. */
export function fixtureMistakes (content: unknown): Mistake[] {
  return mistakesOf(errorsOf(validators.fixture, content), content)
}

function filesOf (path: string): string[] {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path).filter(name => FIXTURE_FILE.test(name)).sort().map(name => join(path, name))
}

async function readAll (files: readonly string[]): Promise<FoundFixtures> {
  // Only where there are files: most runs have none.
  const { readJsonc } = await import('./jsonc.js')
  const found = files.map((file): FoundFixtures => {
    try {
      const { value, problems, tell } = readJsonc(file)
      const mistakes = value === undefined ? [] : fixtureMistakes(value)
      const isGood = problems.length === 0 && mistakes.length === 0
      return { fixtures: isGood ? (value as FoundFixtures).fixtures : [], problems: [...problems, ...tell(mistakes)] }
    } catch (error) {
      return { fixtures: [], problems: [`${file} ${whyUnreadable(error)}`] }
    }
  })
  return { fixtures: found.flatMap(each => each.fixtures), problems: found.flatMap(each => each.problems) }
}
