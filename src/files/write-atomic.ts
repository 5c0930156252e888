import { randomUUID } from 'node:crypto'
import { renameSync, rmSync, writeFileSync } from 'node:fs'

/**
 * Writes a file so that a concurrent reader sees either all of the old content or all of the new. The draft beside it
 * has an unpredictable name and must not exist, so that nobody can place a link there for it to follow.
 */
export function writeFileAtomic (file: string, content: string | Buffer,
  { mode }: { readonly mode?: number } = {}): void {
  const draft = `${file}.${randomUUID()}`
  try {
    writeFileSync(draft, content, { mode, flag: 'wx' })
    renameSync(draft, file)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}
