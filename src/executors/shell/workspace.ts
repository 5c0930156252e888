import { randomBytes } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { chmod, mkdir, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Log } from '../../core/log.js'
import { directoryPrefix } from './leftovers.js'
import { recordOf, removeRecord, writeRecord, type RunRecord } from './records.js'
import { INNER, removeTree } from './remove-tree.js'

export interface WorkspaceOptions {
  /** Where to write the record of this azrun. */
  readonly dataDir: string
  readonly log: Pick<Log, 'warn'>
}

/** The place of a running script. */
export interface Place {
  /** An empty directory that no other user can enter. */
  readonly directory: string
  /** Its parent, which contains nothing else: the directory to remove. */
  readonly top: string
  /** The marker of its processes. */
  readonly marker: string
}

/** Creates and removes the places of scripts. */
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

  /**
   * Creates a place. The directory of the script is inside one of azrun's own, so that a script that empties the parent
   * of its directory removes nothing of others, and another user cannot replace the directory by a link.
   */
  async open ({ isForUser = false } = {}): Promise<Place> {
    const record = this.#record ??= this.#write(recordOf(this.#id, realpathSync(tmpdir())))
    const top = await mkdtemp(join(record.directory, directoryPrefix(this.#id)))
    this.#inUse++
    const marker = `${this.#id}.${++this.#count}`
    const directory = join(top, INNER)
    await mkdir(directory, { mode: 0o700 })
    if (isForUser) await chmod(top, 0o711)
    return { directory, top, marker }
  }

  /** Removes the directory. If that fails, such as for another user's files, the script's result still counts. */
  async clear ({ top }: Place): Promise<void> {
    try {
      await removeTree(top)
      this.#inUse--
    } catch (error) {
      this.#log.warn(`the directory of a script cannot be removed: ${(error as Error).message}; remove ${top}`)
    }
  }

  /** Removes the record, unless a script still runs or its directory is still there. */
  close (): void {
    if (this.#record !== undefined && this.#inUse === 0) removeRecord(this.#dataDir, this.#record)
  }

  /** Writes the record. Without one, scripts still run, but a later azrun cannot clean up. */
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
