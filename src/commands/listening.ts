import { rmSync } from 'node:fs'
import type { Config } from '../config.js'
import { startEmulator, type RunningEmulator } from '../emulator.js'
import { UsageError } from '../usage-error.js'
import { version } from '../version.js'
import { writeWhole } from '../whole-file.js'

/** An emulator as the command line asks for it, and --ready-file for as long as it is open. */
export async function listen ({ readyFile, ...options }: Config): Promise<RunningEmulator> {
  // What an azrun that was killed left there must not speak for this one.
  if (readyFile !== undefined) removeReadyFile(readyFile)
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
  try {
    writeWhole(file, `${JSON.stringify({ url, httpUrl, port, pid: process.pid, caFile, version })}\n`)
  } catch (error) {
    await emulator.close()
    throw new UsageError(`--ready-file ${file} cannot be written: ${(error as Error).message}`)
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
  EADDRINUSE: 'the port is taken; choose another with --port, or a free one with --port 0',
  EACCES: 'the port is not yours to take; choose one above 1023 with --port',
  EADDRNOTAVAIL: 'this machine has no such address; choose another with --host',
  ENOTFOUND: 'the name is not known; choose another with --host',
  EAI_AGAIN: 'the name cannot be looked up now; choose another with --host'
}

function explained (error: unknown, { host, port }: Pick<Config, 'host' | 'port'>): unknown {
  const reason = REASONS[(error as NodeJS.ErrnoException).code ?? '']
  return reason === undefined ? error : new Error(`cannot listen on --host ${host} --port ${port}: ${reason}`)
}
