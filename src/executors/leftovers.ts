import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '../core/log.js'
import { killAll, MARKER } from './kill.js'
import { hasVariable, processIds, statOf } from '../processes/proc.js'
import { hasEnded, readRecords, removeRecord, type RunRecord } from './records.js'
import { removeTree } from './remove-tree.js'

/** The beginning of the names of the directories of an azrun's scripts. */
export function directoryPrefix (id: string): string {
  return `azrun-${id}-`
}

/**
 * Ends the scripts and removes their directories that azruns with this data directory have left when they were killed.
 * It touches nothing of one that still runs. What cannot be removed is in the log, and is tried again next time.
 */
export async function removeLeftovers (dataDir: string, log: Pick<Log, 'warn'>): Promise<void> {
  for (const record of readRecords(dataDir).filter(hasEnded)) {
    try {
      const processes = await killAll(processIds, pid => isOf(record, pid))
      const directories = await removeDirectories(record)
      removeRecord(dataDir, record)
      if (processes + directories === 0) continue
      log.warn(`azrun with process id ${record.pid} was killed: what its scripts left is gone ` +
        `(processes: ${processes}, directories: ${directories})`)
    } catch (error) {
      log.warn(`what azrun with process id ${record.pid} left in ${record.directory} cannot be removed: ` +
        `${(error as Error).message}; remove ${directoryPrefix(record.id)}* there`)
    }
  }
}

/** A process that is younger than the azrun and has its marker. */
function isOf ({ id, startTime = 0 }: RunRecord, pid: number): boolean | undefined {
  return hasVariable(pid, `${MARKER}=${id}.`) && (statOf(pid)?.startTime ?? -1) >= startTime
}

async function removeDirectories ({ id, directory }: RunRecord): Promise<number> {
  const names = await readdir(directory).catch(() => [])
  const left = names.filter(name => name.startsWith(directoryPrefix(id)))
  for (const name of left) await removeTree(join(directory, name))
  return left.length
}
