import { randomUUID } from 'node:crypto'
import { renameSync, rmSync, writeFileSync } from 'node:fs'

/**
 * Writes a file so that a concurrent reader sees the old content or all of the new. The draft beside it has a name that
 * nobody can foresee, and must not exist: a link that somebody has put there is not followed.
 */
export function writeFileAtomic (file: string, content: string | Buffer,
  { mode }: { readonly mode?: number } = {}): void {
  const draft = `${file}.${randomUUID()}`
  writeFileSync(draft, content, { mode, flag: 'wx' })
  try {
    renameSync(draft, file)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}
