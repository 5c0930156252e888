import { closeSync, constants, fchmodSync, fstatSync, openSync, readFileSync, type Stats } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { ignoreENOENT, type Found } from './load-or-create.js'

/** The bits of a mode for the group and for everyone else. */
const GROUP = 0o070
const OTHERS = 0o007

/** Writes a new file that only this user may read. Never follows a link. */
export async function writePrivate (file: string, content: string): Promise<void> {
  await writeFile(file, content, { mode: 0o600, flag: 'wx' })
}

/**
 * Reads a file that must be private to this user; undefined if it is missing. If everyone could read or write it, its
 * content is unusable. If only the group could, this makes it private and warns: Kubernetes gives the group of a pod
 * access to each file of a volume. Throws if the file belongs to a user other than this one or root, or is not a file.
 * It is synchronous, because each start waits for these small files, and promises would take longer.
 */
export function readPrivate (file: string, warn: (message: string) => void): Found<string> | undefined {
  const descriptor = openExisting(file)
  if (descriptor === undefined) return undefined
  try {
    const stats = fstatSync(descriptor)
    if (!stats.isFile()) throw new Error(`${file} is not a file: remove it`)
    const exposure = protect(descriptor, file, stats, warn)
    return exposure === undefined ? { value: readFileSync(descriptor, 'utf8') } : { unusable: exposure }
  } finally {
    closeSync(descriptor)
  }
}

function openExisting (file: string): number | undefined {
  try {
    // Without O_NONBLOCK, opening a FIFO would wait for its writer.
    return openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    return ignoreENOENT(error as NodeJS.ErrnoException)
  }
}

/** Makes a file private. Returns the reason if its content must not be used. */
function protect (descriptor: number, file: string, { uid, mode }: Stats,
  warn: (message: string) => void): string | undefined {
  const user = process.geteuid?.()
  if (user === undefined) return undefined
  if (uid !== user && uid !== 0) {
    throw new Error(`${file} belongs to another user (uid ${uid}): remove it, or choose another directory`)
  }
  // Root decides who may read its files.
  const shared = mode & (uid === user ? GROUP | OTHERS : OTHERS)
  if (shared === 0) return undefined
  if (uid !== user || !makePrivate(descriptor)) {
    warn(`${file} can be read by others (mode ${modeOf(mode)}), and azrun cannot change that: choose another directory`)
    return undefined
  }
  if ((mode & OTHERS) !== 0) {
    // Restore the mode, for others that read the file before it is replaced.
    fchmodSync(descriptor, mode & 0o777)
    return `could be read or written by every user of this machine (mode ${modeOf(mode)})`
  }
  warn(`${file} was open to its group (mode ${modeOf(mode)}); azrun has made it private, with mode 0600`)
  return undefined
}

/** Sets the mode 0600; false on a file system without modes. */
function makePrivate (descriptor: number): boolean {
  try {
    fchmodSync(descriptor, 0o600)
  } catch {}
  return (fstatSync(descriptor).mode & (GROUP | OTHERS)) === 0
}

function modeOf (mode: number): string {
  return `0${(mode & 0o777).toString(8)}`
}
