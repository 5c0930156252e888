import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../config.js'
import type { RunningEmulator } from '../emulator.js'
import { UsageError } from '../usage-error.js'
import { runChild } from './child.js'
import { clientEnvironment } from './client-environment.js'
import { listen } from './listening.js'
import { catchSignals, type Signals } from './signals.js'

/** An azrun within the command is another one, on a port and with a ready file of its own. */
const NOT_FOR_ANOTHER = ['AZRUN_PORT', 'AZRUN_READY_FILE']

/** A command line as exec's options and, after the first `--`, the command. Throws a `UsageError` without one. */
export function splitCommand (argv: readonly string[]): { options: readonly string[], command: readonly string[] } {
  const at = argv.indexOf('--')
  if (at === -1 || at === argv.length - 1) {
    throw new UsageError('azrun exec needs the command to run, after --: azrun exec [options] -- COMMAND ARGS...')
  }
  return { options: argv.slice(0, at), command: argv.slice(at + 1) }
}

/** Runs a command for which an azrun of its own is Azure, and ends with the command's exit code. */
export async function exec (config: Config, command: readonly string[]): Promise<void> {
  const signals = catchSignals()
  try {
    const emulator = await listen(config)
    try {
      process.exitCode = await runIn(emulator, config, command, signals)
    } finally {
      await emulator.close()
    }
  } finally {
    signals.release()
  }
}

async function runIn (emulator: RunningEmulator, config: Config, command: readonly string[], signals: Signals) {
  const directory = mkdtempSync(join(tmpdir(), 'azrun-'))
  try {
    const { variables, unset } = await clientEnvironment(emulator, config, directory)
    const env: NodeJS.ProcessEnv = { ...process.env, ...variables }
    for (const name of [...unset, ...NOT_FOR_ANOTHER]) delete env[name]
    const [program, ...args] = command as [string, ...string[]]
    return await runChild({ command: program, args, env }, signals)
  } finally {
    remove(directory)
  }
}

/** What the command left running may still write there; that must not cost the command its exit code. */
function remove (directory: string): void {
  try {
    rmSync(directory, { recursive: true, force: true, maxRetries: 3 })
  } catch (error) {
    process.stderr.write(`azrun: ${directory} is left behind: ${(error as Error).message}\n`)
  }
}
