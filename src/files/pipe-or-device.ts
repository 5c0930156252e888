import { realpathSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Whether reading the path may never end, and keep all of azrun waiting. False for a path that cannot be looked at: for
 * that, reading it fails.
 */
export function isPipeOrDevice (path: string): boolean {
  try {
    const stats = statSync(path)
    return !stats.isFile() && !stats.isDirectory()
  } catch {
    return false
  }
}

/**
 * Throws an ENXIO if a file must not take the place of the path: that of a pipe or a device, or of an entry of /dev and
 * /proc, such as /dev/stdout, whatever that leads to. Root could replace these, and break the machine.
 */
export function refusePipeOrDevice (path: string): void {
  if (!isPipeOrDevice(path) && !isSystemEntry(path)) return
  throw Object.assign(new Error(`${path} is a pipe or a device`), { code: 'ENXIO' })
}

function isSystemEntry (path: string): boolean {
  try {
    const directory = realpathSync(dirname(path))
    return directory === '/dev' || directory.startsWith('/proc/')
  } catch {
    return false
  }
}
