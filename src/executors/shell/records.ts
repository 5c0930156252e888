import { readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { layoutOf } from '../../files/data-layout.js'
import { makeDirectory } from '../../files/make-directory.js'
import { writeFileAtomic } from '../../files/write-atomic.js'
import { bootId, isRunning, statOf } from '../../processes/proc.js'

/** A record of a running azrun in its data directory. A later azrun uses it to clean up if this one is killed. */
export interface RunRecord {
  /** Random. The markers of its scripts and the names of their directories begin with it. */
  readonly id: string
  /** The parent of the script directories. */
  readonly directory: string
  readonly pid: number
  /** Undefined without /proc. */
  readonly startTime?: number
  readonly host: string
  readonly boot?: string
  /** The namespace of its process ids, which are meaningless in another container. */
  readonly namespace?: string
}

/** A record of this process. */
export function recordOf (id: string, directory: string): RunRecord {
  return { id, directory, pid: process.pid, startTime: statOf(process.pid)?.startTime, ...whereabouts() }
}

/** Writes a record, readable only by this user. Throws the system's error. */
export function writeRecord (dataDir: string, record: RunRecord): void {
  makeDirectory(resolve(layoutOf(dataDir).running))
  writeFileAtomic(fileOf(dataDir, record), `${JSON.stringify(record)}\n`, { mode: 0o600 })
}

/** Removes a record. A failure does no harm: the next azrun finds nothing else to clean up, and tries again. */
export function removeRecord (dataDir: string, record: RunRecord): void {
  try {
    rmSync(fileOf(dataDir, record), { force: true })
  } catch {}
}

/** The valid records in a data directory. Ignores all other files. */
export function readRecords (dataDir: string): RunRecord[] {
  return namesIn(layoutOf(dataDir).running).filter(name => name.endsWith('.json')).flatMap(name => {
    try {
      const record = JSON.parse(readFileSync(join(layoutOf(dataDir).running, name), 'utf8'))
      return isRecord(record) && name === `${record.id}.json` ? [record] : []
    } catch {
      // Another azrun has just removed it.
      return []
    }
  })
}

/**
 * Whether the azrun that wrote the record has certainly ended. That is unknown for another machine or container, and
 * true after a restart of this machine.
 */
export function hasEnded ({ pid, startTime, host, boot, namespace }: RunRecord): boolean {
  const here = whereabouts()
  if (host !== here.host) return false
  if (boot !== here.boot) return true
  if (namespace !== here.namespace) return false
  return !isRunning(pid, startTime)
}

function whereabouts (): Pick<RunRecord, 'host' | 'boot' | 'namespace'> {
  return { host: hostname(), boot: bootId(), namespace: pidNamespace() }
}

function pidNamespace (): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return undefined
  }
}

function isRecord (value: Partial<RunRecord> | null): value is RunRecord {
  return typeof value?.id === 'string' && /^[0-9a-f]{16,}$/.test(value.id) && typeof value.directory === 'string' &&
    Number.isInteger(value.pid) && value.pid! > 0 && typeof value.host === 'string'
}

function fileOf (dataDir: string, { id }: RunRecord): string {
  return join(layoutOf(dataDir).running, `${id}.json`)
}

function namesIn (folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
