import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { lstatSync, readdirSync, rmdirSync, unlinkSync } from 'node:fs'
import { chmod, readdir, rename, rm, rmdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

/** The name of a script's directory, which is the only one in a directory of azrun's own. */
export const INNER = 'script'

/** The most files for `removeFew`. Most scripts leave little more than their own file. */
const FEW = 8

/** Milliseconds before each further try. */
const PAUSES = [100, 200, 300]

/** The errors of `rm` for what `flatten` may remove. For a file that must not be removed, `rm` reports ENOTDIR. */
const NEED_CARE = ['ENAMETOOLONG', 'EACCES', 'EPERM', 'ENOTDIR']

/** Removes azrun's own directory with that of a script, even a tree that is too deep for a path. */
export async function removeTree (directory: string): Promise<void> {
  const inner = join(directory, INNER)
  removeFew(inner)
  if (removeFew(directory)) return
  await removeUsers(inner)
  try {
    await removePatiently(directory)
  } catch (error) {
    if (!NEED_CARE.includes((error as NodeJS.ErrnoException).code!)) throw error
    await flatten(directory)
    await rmdir(directory)
  }
}

/**
 * Removes a directory, and tries again if a process that was just killed has put something into it. The retries of `rm`
 * would not do: it tries again at each level, so that a file system that a script has mounted would keep the machine
 * busy for many seconds.
 */
async function removePatiently (directory: string): Promise<void> {
  for (const pause of PAUSES) {
    try {
      await rm(directory, { recursive: true, force: true })
      return
    } catch (error) {
      if (!['EBUSY', 'ENOTEMPTY'].includes((error as NodeJS.ErrnoException).code!)) throw error
    }
    await setTimeout(pause)
  }
  await rm(directory, { recursive: true, force: true })
}

/**
 * Removes the directory if it is another user's. It removes the content as that user, because a process that the
 * script left may replace directories by links, which root would follow.
 */
async function removeUsers (directory: string): Promise<void> {
  const { uid, gid } = lstatSync(directory, { throwIfNoEntry: false }) ?? {}
  if (uid === undefined || process.geteuid?.() !== 0 || uid === 0) return
  // rm complains that it may not remove the directory itself.
  const child = spawn('/bin/sh', ['-c', 'chmod -R u+rwx "$0"; rm -rf "$0"', directory], { uid, gid, cwd: '/', stdio: 'ignore' })
  await once(child, 'close')
  await rmdir(directory)
}

/**
 * Removes a directory with a few files; false if it could not. The calls are synchronous, because for an almost empty
 * directory `rm` takes as long as the script itself.
 */
function removeFew (directory: string): boolean {
  try {
    const entries = readdirSync(directory, { withFileTypes: true })
    if (entries.length > FEW || entries.some(entry => entry.isDirectory())) return false
    for (const { name } of entries) unlinkSync(join(directory, name))
    rmdirSync(directory)
    return true
  } catch {
    return false
  }
}

/** Empties a directory. It moves each subdirectory up to the top, so that no path is long. */
async function flatten (top: string): Promise<void> {
  const pending = [top]
  // No script can have used this name.
  const prefix = randomUUID()
  let count = 0
  await chmod(top, 0o700)
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    for (const entry of await readdir(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name)
      if (!entry.isDirectory()) { await unlink(path); continue }
      // Moving and emptying a directory need the right to write to it.
      await chmod(path, 0o700)
      const moved = join(top, `${prefix}-${count++}`)
      await rename(path, moved)
      pending.push(moved)
    }
    if (directory !== top) await rmdir(directory)
  }
}
