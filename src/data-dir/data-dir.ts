import { accessSync, constants, mkdtempSync, rmdirSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Log } from '../core/log.js'
import { UsageError } from '../core/usage-error.js'
import { removeLeftovers } from '../executors/shell/leftovers.js'
import { keyIn, layoutOf } from '../files/data-layout.js'
import { makeDirectory } from '../files/make-directory.js'
import type { Config } from '../options/config.js'
import { defaultDataDir } from './home.js'
import { makeTemporary, makeTemporaryForProcess, removeAbandoned } from './temporary-directory.js'

/** The directory where azrun keeps its keys and records. */
export interface DataDir {
  readonly path: string
  readonly isTemporary: boolean
  /** Removes the directory if it is temporary. */
  remove (): void
}

const NO_HOME = 'this user has no known home directory'

/**
 * The directory for an azrun that listens: that of --data-dir, else the default one. If azrun can neither write the
 * default one nor read its keys there, it creates a temporary directory of mode 0700, and tells `warn` what that means.
 * Throws a `UsageError` for such a directory of --data-dir, and if there is no place for a temporary one.
 */
export function openDataDir ({ dataDir: given, cert, nameOf }: Config, warn: (message: string) => void): DataDir {
  const path = given ?? defaultDataDir()
  if (path !== undefined && hasKeys(path)) return kept(path)
  const fault = faultOf(path)
  if (fault === undefined) return kept(path!)
  if (given !== undefined) {
    throw new UsageError(`${nameOf('dataDir').subject} ${given} cannot hold azrun's certificates: ${fault}; ${adviceOf(nameOf)}`)
  }
  const made = temporary(fault, nameOf)
  const loss = cert === undefined ? 'clients must trust a new CA after each start' : 'no token is valid after a restart'
  warn(`the default data directory cannot be used: ${fault}. Until it ends, azrun keeps its keys in ${made.path}, so ` +
    `${loss}: ${adviceOf(nameOf)}, to keep them`)
  return made
}

/** The directory for an azrun that does not listen. It need not be writable. */
export function findDataDir ({ dataDir: given, nameOf }: Config): DataDir {
  const path = given ?? defaultDataDir()
  return path === undefined ? temporary(NO_HOME, nameOf) : kept(path)
}

/**
 * The directory for files that must outlast the process: that of --data-dir, else the default one. If azrun cannot
 * write the default one, it creates a temporary directory, and tells `warn` its path. Throws a `UsageError` if there is
 * no place for that.
 */
export function lastingDataDir ({ dataDir: given, nameOf }: Config, warn: (message: string) => void): string {
  if (given !== undefined) return given
  const path = defaultDataDir()
  const fault = faultOf(path)
  if (fault === undefined) return path!
  const made = orNoPlace(makeTemporary, fault, nameOf)
  warn(`the default data directory cannot be used: ${fault}. The files for clients are in ${made}: remove it when ` +
    `no client needs them, or use ${nameOf('dataDir').text}`)
  return made
}

/** Calls `make`, whose result will remove the data directory. If `make` fails, removes it here. */
export async function orRemove<Made> (dataDir: DataDir, make: () => Promise<Made>): Promise<Made> {
  try {
    return await make()
  } catch (error) {
    dataDir.remove()
    throw error
  }
}

/** Removes what killed azruns with this data directory have left; if it is temporary, what any others have. */
export async function cleanUp ({ path, isTemporary }: DataDir, log: Pick<Log, 'warn'>): Promise<void> {
  await removeLeftovers(path, log)
  if (isTemporary) await removeAbandoned(log)
}

function adviceOf (nameOf: Config['nameOf']): string {
  return `give ${nameOf('dataDir').text} a directory that azrun can write, such as a volume`
}

function kept (path: string): DataDir {
  return { path, isTemporary: false, remove () {} }
}

function temporary (fault: string, nameOf: Config['nameOf']): DataDir {
  const path = orNoPlace(makeTemporaryForProcess, fault, nameOf)
  return { path, isTemporary: true, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 3 }) }
}

function orNoPlace (make: () => string, fault: string, nameOf: Config['nameOf']): string {
  try {
    return make()
  } catch (error) {
    throw new UsageError(`azrun has no place for its keys: ${fault}, and ${(error as Error).message}; ${adviceOf(nameOf)}`)
  }
}

/** Why azrun cannot write to a directory; undefined if it can. */
function faultOf (directory: string | undefined): string | undefined {
  if (directory === undefined) return NO_HOME
  try {
    makeDirectory(resolve(directory))
    rmdirSync(mkdtempSync(join(directory, 'writable-')))
    return undefined
  } catch (error) {
    return inWords(error as NodeJS.ErrnoException)
  }
}

/** The error in words. Its path is what could not be created: the directory, one above it, or a file in it. */
function inWords ({ code, path = '', message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'EEXIST': return `${path} is a file, not a directory`
    case 'ENOTDIR': return `a part of the path ${path} is a file`
    case 'EACCES': case 'EPERM': return `this user cannot write ${dirname(path)}`
    case 'EROFS': return `${dirname(path)} is on a read-only file system`
  }
  return message
}

/** Whether azrun can read the keys that it creates at its first start. Then the directory need not be writable. */
function hasKeys (directory: string): boolean {
  const { authority, signingKey } = layoutOf(directory)
  return [authority, signingKey].every(ofKey => isReadable(keyIn(ofKey)))
}

function isReadable (file: string): boolean {
  try {
    accessSync(file, constants.R_OK)
    return true
  } catch {
    return false
  }
}
