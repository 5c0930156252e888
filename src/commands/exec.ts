import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UsageError } from '../core/usage-error.js'
import type { RunningEmulator } from '../emulator.js'
import type { Config } from '../options/config.js'
import type { Setup } from '../options/setup.js'
import { clientEnvironment } from './client-environment.js'
import { endUnread, say } from './print.js'
import { listen } from './ready-file.js'
import { runChild } from './run-child.js'
import { catchSignals, type Signals } from './signals.js'

/** An azrun that the command starts needs a port and a ready file of its own. */
const NOT_INHERITED = ['AZRUN_PORT', 'AZRUN_READY_FILE']

/** Starts an emulator, runs the command against it and sets the command's exit code as azrun's own. */
export async function exec (setup: Setup, command: readonly string[]): Promise<void> {
  const signals = catchSignals()
  try {
    const emulator = await listen(setup)
    try {
      process.exitCode = await runIn(emulator, setup.config, command, signals)
    } finally {
      await emulator.close()
    }
  } finally {
    signals.release()
    endUnread()
  }
}

async function runIn (emulator: RunningEmulator, config: Config, command: readonly string[], signals: Signals) {
  const directory = makeTemporary()
  try {
    const { variables, unset } = await clientEnvironment(emulator, config, directory)
    const { adminToken } = emulator
    const env: NodeJS.ProcessEnv = { ...process.env, ...variables, ...adminToken && { AZRUN_ADMIN_TOKEN: adminToken } }
    for (const name of [...Object.keys(unset), ...NOT_INHERITED]) delete env[name]
    const [program, ...args] = command as [string, ...string[]]
    return await runChild({ command: program, args, env }, signals)
  } finally {
    remove(directory)
  }
}

function makeTemporary (): string {
  try {
    return mkdtempSync(join(tmpdir(), 'azrun-'))
  } catch (error) {
    throw new UsageError(`cannot write the files for the command: ${(error as Error).message}; set TMPDIR to a ` +
      'directory that azrun can write')
  }
}

/** Processes that the command left running may still write there; that must not change the exit code. */
function remove (directory: string): void {
  try {
    rmSync(directory, { recursive: true, force: true, maxRetries: 3 })
  } catch (error) {
    say(`${directory} cannot be removed: ${(error as Error).message}`)
  }
}
