import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { UsageError } from '../core/usage-error.js'
import type { Fixture } from '../executors/fixture.js'
import { compileSchema, readSchema } from './json-schema.js'

const BUILT_IN = fileURLToPath(new URL('../../fixtures/default.json', import.meta.url))

/** The fixtures of a directory's *.json files in order of file name, then the built-in ones. Throws a `UsageError`. */
export function readFixtures (directory?: string): Fixture[] {
  const own = directory === undefined ? [] : readOwn(directory)
  return [...own, ...parseFile(BUILT_IN).fixtures]
}

function readOwn (directory: string): Fixture[] {
  const check = compileSchema(readSchema('fixture.schema.json'))
  return filesOf(directory).flatMap(file => {
    const content = parseFile(file)
    check(content, path => path === '' ? file : `${file}: '${path.slice(1)}'`)
    return content.fixtures
  })
}

function filesOf (directory: string): string[] {
  try {
    return readdirSync(directory).filter(name => name.endsWith('.json')).sort().map(name => join(directory, name))
  } catch (error) {
    throw new UsageError(`--fixtures ${directory} cannot be read: ${(error as Error).message}`)
  }
}

function parseFile (file: string): { fixtures: Fixture[] } {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    // The message may quote several lines of the file.
    throw new UsageError(`${file} is not a fixture file: ${(error as Error).message.replaceAll(/\s+/g, ' ')}`)
  }
}
