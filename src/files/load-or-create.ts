import { mkdtemp, rename, rm } from 'node:fs/promises'

/** The value of a directory, or the reason why it must be replaced, such as 'was damaged'. */
export type Found<Value> = { readonly value: Value } | { readonly unusable: string }

/** How to create a value and store it in its own directory. */
export interface Persistence<Value> {
  /** Reads the value of a directory; undefined if there is none. */
  read (directory: string): Found<Value> | undefined
  make (): Promise<Value>
  write (value: Value, directory: string): Promise<void>
  /** Called after a value has been replaced, in only one of the processes that load it. */
  replaced (why: string): void
}

/**
 * Loads the value of a directory, or creates it if `read` finds none. If several processes do so at the same time, each
 * creates a value in its own directory and renames that into place. One rename succeeds, and the others load its value.
 */
export async function loadOrCreate<Value> (directory: string, persistence: Persistence<Value>): Promise<Value> {
  const existing = persistence.read(directory)
  if (existing !== undefined && 'value' in existing) return existing.value
  const draft = await mkdtemp(`${directory}-`)
  try {
    const created = await persistence.make()
    await persistence.write(created, draft)
    if (await moveTo(directory, draft)) return created
    const winner = persistence.read(directory)
    if (winner !== undefined && 'value' in winner) return winner.value
    const isRemoved = await rename(directory, `${draft}/outdated`).then(() => true, ignoreENOENT)
    if (isRemoved && winner !== undefined) persistence.replaced(winner.unusable)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return await loadOrCreate(directory, persistence)
}

/** A `catch` handler for reading a file that may be missing. */
export function ignoreENOENT (error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

/** Renames the draft to `directory`; false if that already exists and is not empty. */
async function moveTo (directory: string, draft: string): Promise<boolean> {
  try {
    await rename(draft, directory)
    return true
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST'].includes(`${(error as NodeJS.ErrnoException).code}`)) return false
    throw error
  }
}
