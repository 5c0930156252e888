import { statSync } from 'node:fs'

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
