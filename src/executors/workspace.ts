import { randomBytes } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { chmod, mkdir, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Log } from '../core/log.js'
import { OF_USER } from './as-user.js'
import { directoryPrefix } from './leftovers.js'
import { recordOf, removeRecord, writeRecord, type RunRecord } from './records.js'
import { removeTree } from './remove-tree.js'

export interface WorkspaceOptions {
  /** Where this azrun notes that it runs scripts. */
  readonly dataDir: string
  readonly log: Pick<Log, 'warn'>
}

/** What a script has to itself while it runs. */
export interface Place {
  /** An empty directory, which nobody else can enter. */
  readonly directory: string
  /** What is to be removed: the directory, or the one that it is in. */
  readonly top: string
  /** The value of the variable that marks its processes. */
  readonly marker: string
}

/** Gives each script its place, and takes it back. */
export class Workspace {
  readonly #dataDir: string
  readonly #log: Pick<Log, 'warn'>
  readonly #id = randomBytes(16).toString('hex')
  #record: RunRecord | undefined
  #count = 0
  #inUse = 0

  constructor ({ dataDir, log }: WorkspaceOptions) {
    this.#dataDir = dataDir
    this.#log = log
  }

  /** A directory for another user is in one of azrun's own, so that the user cannot put a link in its place. */
  async open ({ isForUser = false } = {}): Promise<Place> {
    const { directory } = this.#record ??= this.#write(recordOf(this.#id, realpathSync(tmpdir())))
    const top = await mkdtemp(join(directory, directoryPrefix(this.#id)))
    this.#inUse++
    const marker = `${this.#id}.${++this.#count}`
    if (!isForUser) return { directory: top, top, marker }
    const inner = join(top, OF_USER)
    await mkdir(inner, { mode: 0o700 })
    await chmod(top, 0o711)
    return { directory: inner, top, marker }
  }

  /** Removes the directory. What a script has made another user's cannot be removed; its result still counts. */
  async clear ({ top }: Place): Promise<void> {
    try {
      await removeTree(top)
      this.#inUse--
    } catch (error) {
      this.#log.warn(`the directory of a script cannot be removed: ${(error as Error).message}; remove ${top}`)
    }
  }

  /** Nothing is left for a later azrun to remove, unless a script still runs or its directory is still there. */
  close (): void {
    if (this.#record !== undefined && this.#inUse === 0) removeRecord(this.#dataDir, this.#record)
  }

  /** Without a record scripts run all the same; only a later azrun cannot clean up. */
  #write (record: RunRecord): RunRecord {
    try {
      writeRecord(this.#dataDir, record)
    } catch (error) {
      this.#log.warn(`if azrun is killed, its scripts and their directories in ${record.directory} remain, since ` +
        `the data directory ${this.#dataDir} cannot be written: ${(error as Error).message}`)
    }
    return record
  }
}
