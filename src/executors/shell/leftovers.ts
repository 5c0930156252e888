import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '../../core/log.js'
import { hasVariable, processIds, statOf } from '../../processes/proc.js'
import { killAll, MARKER } from './kill.js'
import { hasEnded, readRecords, removeRecord, type RunRecord } from './records.js'
import { removeTree } from './remove-tree.js'

/** The prefix of the names of script directories, by the id of their azrun. */
export function directoryPrefix (id: string): string {
  return `azrun-${id}-`
}

/**
 * Cleans up after azruns with this data directory that were killed: ends their scripts and removes the directories. It
 * touches nothing of an azrun that still runs. It logs what cannot be removed; the next start tries again.
 */
export async function removeLeftovers (dataDir: string, log: Pick<Log, 'warn'>): Promise<void> {
  for (const record of readRecords(dataDir).filter(hasEnded)) {
    try {
      const processes = await killAll(processIds, pid => isOf(record, pid))
      const directories = await removeDirectories(record)
      removeRecord(dataDir, record)
      if (processes + directories === 0) continue
      log.warn(`azrun with process id ${record.pid} ended without cleaning up: removed what its scripts left ` +
        `(processes: ${processes}, directories: ${directories})`)
    } catch (error) {
      log.warn(`what azrun with process id ${record.pid} left in ${record.directory} cannot be removed: ` +
        `${(error as Error).message}; remove ${directoryPrefix(record.id)}* there`)
    }
  }
}

/** Whether a process is younger than the azrun and has its marker. */
function isOf ({ id, startTime = 0 }: RunRecord, pid: number): boolean | undefined {
  return hasVariable(pid, `${MARKER}=${id}.`) && (statOf(pid)?.startTime ?? -1) >= startTime
}

async function removeDirectories ({ id, directory }: RunRecord): Promise<number> {
  const names = await readdir(directory).catch(() => [])
  const left = names.filter(name => name.startsWith(directoryPrefix(id)))
  for (const name of left) await removeTree(join(directory, name))
  return left.length
}
