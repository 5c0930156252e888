import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Creates a directory with mode 0700, and those above it. Node's own recursive mkdir never returns in /proc, where the
 * system says that an existing parent does not exist.
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
    // An existing directory may also cause other errors than EEXIST, such as EROFS.
    if (!isDirectory(directory)) throw error
  }
}

function isDirectory (path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
