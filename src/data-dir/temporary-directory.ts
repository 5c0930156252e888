import { randomBytes } from 'node:crypto'
import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Log } from '../core/log.js'
import { removeLeftovers } from '../executors/shell/leftovers.js'
import { hasEnded, readRecords, recordOf, writeRecord } from '../executors/shell/records.js'

const PREFIX = 'azrun-data-'

/** Creates a directory of mode 0700. Throws the system's error. */
export function makeTemporary (): string {
  return mkdtempSync(join(tmpdir(), PREFIX))
}

/** Like `makeTemporary`, for the lifetime of this process: if it is killed, a later azrun removes the directory. */
export function makeTemporaryForProcess (): string {
  const directory = makeTemporary()
  try {
    writeRecord(directory, recordOf(randomBytes(16).toString('hex'), directory))
    return directory
  } catch (error) {
    rmSync(directory, { recursive: true })
    throw error
  }
}

/**
 * Removes what killed azruns of this user have left: their directories, and what their scripts left. It skips a
 * directory without a record, which may hold files for clients, and one whose azrun may still run.
 */
export async function removeAbandoned (log: Pick<Log, 'warn'>): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter(name => name.startsWith(PREFIX))) {
    const directory = join(tmpdir(), name)
    try {
      if (!isPrivate(directory) || !isAbandoned(directory)) continue
      await removeLeftovers(directory, log)
      await rm(directory, { recursive: true, force: true, maxRetries: 3 })
    } catch (error) {
      log.warn(`${directory}, which a killed azrun has left, cannot be removed: ${(error as Error).message}; remove it`)
    }
  }
}

/** Whether only this user can access a directory. Everybody can create one there, or a link. */
function isPrivate (directory: string): boolean {
  const stats = lstatSync(directory, { throwIfNoEntry: false })
  const user = process.geteuid?.()
  return stats?.isDirectory() === true && (user === undefined || (stats.uid === user && (stats.mode & 0o077) === 0))
}

function isAbandoned (directory: string): boolean {
  const records = readRecords(directory)
  return records.length > 0 && records.every(hasEnded)
}
