import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Creates a directory, with mode 0700, and those above it. Node's own recursive mkdir tries for ever where the system
 * says that a directory's parent, which exists, does not: in /proc.
 */
export function makeDirectory (directory: string): void {
  try {
    make(directory)
  } catch (error) {
    const parent = dirname(directory)
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === directory) throw error
    makeDirectory(parent)
    make(directory)
  }
}

function make (directory: string): void {
  try {
    mkdirSync(directory, 0o700)
  } catch (error) {
    // Other codes than EEXIST are possible for what exists, such as EROFS.
    if (!isDirectory(directory)) throw error
  }
}

function isDirectory (path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
