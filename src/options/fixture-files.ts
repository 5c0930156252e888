import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Fixture } from '../executors/fixture.js'
import { errorsOf } from '../validation/json-schema.js'
import { mistakesOf, type Mistake } from '../validation/mistakes.js'
import { readContents } from './content-files.js'
import type { OptionName } from './names.js'
import * as validators from './validators.js'

const BUILT_IN = fileURLToPath(new URL('../../fixtures/default.json', import.meta.url))

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
  const kind = { name: 'fixture', mistakesIn: fixtureMistakes } as const
  const { contents, problems } = await readContents<Pick<FoundFixtures, 'fixtures'>>(path, option, kind)
  return { fixtures: contents.flatMap(({ content }) => content.fixtures), problems }
}

/** What is wrong with a value that is to be the content of a fixture file. */
export function fixtureMistakes (content: unknown): Mistake[] {
  return mistakesOf(errorsOf(validators.fixture, content), content)
}
