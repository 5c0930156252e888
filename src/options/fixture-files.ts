import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Fixture } from '../executors/fixture.js'
import { readContents } from './content-files.js'
import type { OptionName } from './names.js'

const BUILT_IN = join(import.meta.dirname, '../../fixtures/default.json')

/** The fixtures of a file or directory, and what is wrong with it, a line each. */
export interface FoundFixtures {
  readonly fixtures: readonly Fixture[]
  readonly problems: readonly string[]
}

/** The built-in fixtures, which are tried after the user's. */
export function builtInFixtures (): readonly Fixture[] {
  return JSON.parse(readFileSync(BUILT_IN, 'utf8')).fixtures
}

/** Reads a fixture file, or all fixture files of a directory in order of name. */
export async function readFixtures (path: string, option: OptionName): Promise<FoundFixtures> {
  const { fixtureMistakes } = await import('./fixture-check.js')
  const kind = { name: 'fixture', mistakesIn: fixtureMistakes } as const
  const { contents, problems } = await readContents<Pick<FoundFixtures, 'fixtures'>>(path, option, kind)
  return { fixtures: contents.flatMap(({ content }) => content.fixtures), problems }
}
