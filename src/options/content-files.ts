import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isPipeOrDevice } from '../files/pipe-or-device.js'
import { whyUnreadable } from '../files/why-unreadable.js'
import type { Mistake } from '../validation/mistakes.js'
import type { OptionName } from './names.js'

const CONTENT_FILE = /\.jsonc?$/

/** A kind of file: its name, and the check of its content. */
export interface FileKind {
  readonly name: 'fixture' | 'scenario'
  mistakesIn (content: unknown): readonly Mistake[]
}

/** The contents of the good files, and what is wrong with the others, a line each. */
export interface FoundContents<Content> {
  readonly contents: readonly { readonly file: string, readonly content: Content }[]
  readonly problems: readonly string[]
}

/** Reads a file, or all *.json and *.jsonc files of a directory in order of name. */
export async function readContents<Content> (path: string, option: OptionName,
  kind: FileKind): Promise<FoundContents<Content>> {
  try {
    const files = filesOf(path)
    const pipes = files.filter(file => file !== path && isPipeOrDevice(file))
    if (pipes.length > 0) {
      return { contents: [], problems: pipes.map(file => `${file} must be a file, not a pipe or a device: check the path`) }
    }
    if (files.length > 0) return await readAll(files, kind)
    return { contents: [], problems: [`${option.subject} ${path} has no ${kind.name} file, *.json or *.jsonc: add one`] }
  } catch (error) {
    return { contents: [], problems: [`${option.subject} ${path} ${whyUnreadable(error)}`] }
  }
}

function filesOf (path: string): string[] {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path).filter(name => CONTENT_FILE.test(name)).sort().map(name => join(path, name))
}

async function readAll<Content> (files: readonly string[],
  { mistakesIn }: FileKind): Promise<FoundContents<Content>> {
  // Loaded only here: most runs have no files.
  const { readJsonc } = await import('./jsonc.js')
  const found = files.map((file): FoundContents<Content> => {
    try {
      const { value, problems, tell } = readJsonc(file)
      const mistakes = value === undefined ? [] : mistakesIn(value)
      const isGood = problems.length === 0 && mistakes.length === 0
      const contents = isGood ? [{ file, content: value as Content }] : []
      return { contents, problems: [...problems, ...tell(mistakes)] }
    } catch (error) {
      return { contents: [], problems: [`${file} ${whyUnreadable(error)}`] }
    }
  })
  return { contents: found.flatMap(file => file.contents), problems: found.flatMap(file => file.problems) }
}
