import { readFileSync, rmSync } from 'node:fs'
import { UsageError } from '../core/usage-error.js'
import { startEmulator, type RunningEmulator } from '../emulator.js'
import { writeFileAtomic } from '../files/write-atomic.js'
import type { Config } from '../options/config.js'
import { isRunning, statOf } from '../processes/proc.js'
import { version } from '../version.js'

/** Starts an emulator. The file of --ready-file exists until the emulator closes, and no other azrun may use it. */
export async function listen ({ readyFile, ...options }: Config): Promise<RunningEmulator> {
  if (readyFile !== undefined) {
    refuseIfTaken(readyFile)
    // Another azrun that was killed may have left its file there.
    removeReadyFile(readyFile)
  }
  const emulator = await startEmulator(options).catch((error: unknown) => { throw explained(error, options) })
  if (readyFile === undefined) return emulator
  await writeReadyFile(readyFile, emulator)
  return {
    ...emulator,
    async close () {
      removeReadyFile(readyFile)
      await emulator.close()
    }
  }
}

async function writeReadyFile (file: string, emulator: RunningEmulator): Promise<void> {
  const { url, httpUrl, port, caFile } = emulator
  const { pid } = process
  try {
    // Again: another azrun may have started meanwhile.
    refuseIfTaken(file)
    const facts = { url, httpUrl, port, pid, startTime: statOf(pid)?.startTime, caFile, version }
    writeFileAtomic(file, `${JSON.stringify(facts)}\n`)
  } catch (error) {
    await emulator.close()
    if (error instanceof ReadyFileTaken) throw error
    throw new UsageError(`--ready-file ${file} cannot be written: ${(error as Error).message}`)
  }
}

class ReadyFileTaken extends Error {}

function refuseIfTaken (file: string): void {
  const { pid, startTime } = readFacts(file)
  if (pid === undefined || pid === process.pid || !isRunning(pid, startTime)) return
  throw new ReadyFileTaken(`--ready-file ${file} is that of another azrun, which is running with pid ${pid}: ` +
    'stop that one, or choose another file')
}

/** The process that wrote a ready file; nothing for a file that is missing or something else. */
function readFacts (file: string): { readonly pid?: number, readonly startTime?: number } {
  try {
    const { pid, startTime } = JSON.parse(readFileSync(file, 'utf8'))
    return Number.isInteger(pid) && pid > 0 ? { pid, startTime } : {}
  } catch {
    return {}
  }
}

function removeReadyFile (file: string): void {
  try {
    rmSync(file, { force: true })
  } catch (error) {
    throw new UsageError(`--ready-file ${file} cannot be removed: ${(error as Error).message}`)
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use; choose another with --port, or any free one with --port 0',
  EACCES: 'the port needs privileges; choose one above 1023 with --port',
  EADDRNOTAVAIL: 'this machine does not have that address; choose another with --host',
  ENOTFOUND: 'the host name is unknown; choose another with --host',
  EAI_AGAIN: 'the host name cannot be resolved now; try again later or choose another with --host'
}

function explained (error: unknown, { host, port }: Pick<Config, 'host' | 'port'>): unknown {
  const reason = REASONS[(error as NodeJS.ErrnoException).code ?? '']
  return reason === undefined ? error : new Error(`cannot listen on --host ${host} --port ${port}: ${reason}`)
}
