import { mkdtemp, rename, rm } from 'node:fs/promises'

/** How a value is kept in a directory of its own. */
export interface Keeping<Value> {
  /** The value of a directory, if there is one that is still good. */
  read (directory: string): Promise<Value | undefined>
  make (): Promise<Value>
  write (value: Value, directory: string): Promise<void>
}

/**
 * What is kept in a directory, made on first use and made again once it is no longer good. Several processes may come
 * first at once: each makes a value in a directory of its own and renames it into place, which succeeds for one; the
 * others take what that one made.
 */
export async function readOrMake<Value> (directory: string, keeping: Keeping<Value>): Promise<Value> {
  const kept = await keeping.read(directory)
  if (kept !== undefined) return kept
  const draft = await mkdtemp(`${directory}-`)
  try {
    const made = await keeping.make()
    await keeping.write(made, draft)
    if (await moveTo(directory, draft)) return made
    const winner = await keeping.read(directory)
    if (winner !== undefined) return winner
    await rename(directory, `${draft}/outdated`).catch(ignoreMissing)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return await readOrMake(directory, keeping)
}

/** For a promise that a file which is not there rejects. */
export function ignoreMissing (error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

/** Renames the draft, unless there is something in that place. */
async function moveTo (directory: string, draft: string): Promise<boolean> {
  try {
    await rename(draft, directory)
    return true
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST'].includes(`${(error as NodeJS.ErrnoException).code}`)) return false
    throw error
  }
}
