import { constants, type Stats } from 'node:fs'
import { open, writeFile, type FileHandle } from 'node:fs/promises'
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
 * to each file of a volume. Rejects for a file of another user than this one and root, and for what is not a file.
 */
export async function readPrivate (file: string, warn: (message: string) => void): Promise<Found<string> | undefined> {
  // Without O_NONBLOCK, opening a FIFO would wait for its writer.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch(ignoreENOENT)
  if (handle === undefined) return undefined
  try {
    const stats = await handle.stat()
    if (!stats.isFile()) throw new Error(`${file} is not a file: remove it`)
    const exposure = await protect(handle, file, stats, warn)
    return exposure === undefined ? { value: await handle.readFile('utf8') } : { unusable: exposure }
  } finally {
    await handle.close()
  }
}

/** Makes a file private that is not. Returns why its content must not be used, if so. */
async function protect (handle: FileHandle, file: string, { uid, mode }: Stats,
  warn: (message: string) => void): Promise<string | undefined> {
  const user = process.geteuid?.()
  if (user === undefined) return undefined
  if (uid !== user && uid !== 0) {
    throw new Error(`${file} belongs to another user (uid ${uid}): remove it, or choose another directory`)
  }
  // Root decides who may read its files.
  const shared = mode & (uid === user ? GROUP | OTHERS : OTHERS)
  if (shared === 0) return undefined
  if (uid !== user || !await makePrivate(handle)) {
    warn(`${file} can be read by others (mode ${modeOf(mode)}), and azrun cannot change that: choose another directory`)
    return undefined
  }
  if ((mode & OTHERS) !== 0) {
    // Left as it was, for others that read it before it is replaced.
    await handle.chmod(mode & 0o777)
    return `could be read or written by every user of this machine (mode ${modeOf(mode)})`
  }
  warn(`${file} was open to its group (mode ${modeOf(mode)}); azrun has made it private, with mode 0600`)
  return undefined
}

/** False on a file system that has no modes. */
async function makePrivate (handle: FileHandle): Promise<boolean> {
  await handle.chmod(0o600).catch(() => {})
  return ((await handle.stat()).mode & (GROUP | OTHERS)) === 0
}

function modeOf (mode: number): string {
  return `0${(mode & 0o777).toString(8)}`
}
