import { dirname, resolve } from 'node:path'
import { whyUnreadable } from '../files/why-unreadable.js'
import type { Mistake } from '../validation/mistakes.js'
import { checkOptions } from './check.js'
import { plainName, tell, type NameOf } from './names.js'
import { pathOptions } from './options.js'

/** The options of one source: flags, variables, a config file or a program. */
export interface Layer {
  readonly values: Readonly<Record<string, unknown>>
  readonly mistakes: readonly Mistake[]
  /** Why the source could not be read in full, a line for each problem. */
  readonly problems: readonly string[]
  readonly nameOf: NameOf
  /** Formats mistakes as lines. */
  tell (mistakes: readonly Mistake[]): readonly string[]
}

/** A config file, and the option or variable that names it. */
export interface ConfigFile {
  readonly path: string
  readonly option: string
}

export interface LayerOptions {
  readonly problems?: readonly string[]
  /** Names that only this source has, not a config file. */
  readonly alsoKnown?: readonly string[]
}

/** Checks a source whose options have no place in a file, such as flags. */
export async function layerOf (values: Readonly<Record<string, unknown>>, nameOf: NameOf,
  { problems = [], alsoKnown }: LayerOptions = {}): Promise<Layer> {
  const mistakes = await checkOptions(values, alsoKnown)
  return { values, mistakes, problems, nameOf, tell: mistakes => tell(mistakes, nameOf) }
}

/** Reads a config file. Its paths are relative to it. */
export async function readLayer ({ path, option }: ConfigFile): Promise<Layer> {
  // Loaded only here: most runs have no file.
  const { readJsonc } = await import('./jsonc.js')
  try {
    const file = readJsonc(path)
    if (file.value === undefined) return { ...file, values: {}, mistakes: [] }
    const mistakes = await checkOptions(file.value)
    return { ...file, values: isObject(file.value) ? withPaths(file.value, dirname(resolve(path))) : {}, mistakes }
  } catch (error) {
    const problem = `${option} ${path} ${whyUnreadable(error)}`
    return await layerOf({}, () => plainName(option), { problems: [problem] })
  }
}

function withPaths (values: Readonly<Record<string, unknown>>, directory: string): Record<string, unknown> {
  const paths = pathOptions.flatMap(name => {
    const path = values[name]
    return typeof path === 'string' ? [[name, resolve(directory, path)]] : []
  })
  return { ...values, ...Object.fromEntries(paths) }
}

function isObject (value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
