import { closeSync, constants, fchmodSync, fstatSync, openSync, readFileSync, type Stats } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { ignoreENOENT, type Found } from './load-or-create.js'

/** The bits of a mode for the group, and for everybody else. */
const GROUP = 0o070
const OTHERS = 0o007

/** Writes a new file that only this user may read; never follows a link. */
export async function writePrivate (file: string, content: string): Promise<void> {
  await writeFile(file, content, { mode: 0o600, flag: 'wx' })
}

/**
 * Reads a file that is only this user's; undefined if it is missing. What everybody could read or write must be
 * replaced. A file of the user's group is made private, and `warn` says so: Kubernetes gives the group of a pod access
 * to each file of a volume. Throws for a file of another user than this one and root, and for what is not a file. It
 * blocks: each start waits for such files, which are small, and promises take longer than they do.
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

/** Makes a file private that is not. Returns why its content must not be used, if so. */
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
    // Left as it was, for others that read it before it is replaced.
    fchmodSync(descriptor, mode & 0o777)
    return `could be read or written by every user of this machine (mode ${modeOf(mode)})`
  }
  warn(`${file} was open to its group (mode ${modeOf(mode)}); azrun has made it private, with mode 0600`)
  return undefined
}

/** False on a file system that has no modes. */
function makePrivate (descriptor: number): boolean {
  try {
    fchmodSync(descriptor, 0o600)
  } catch {}
  return (fstatSync(descriptor).mode & (GROUP | OTHERS)) === 0
}

function modeOf (mode: number): string {
  return `0${(mode & 0o777).toString(8)}`
}
