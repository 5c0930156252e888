import type { RunningEmulator } from '../emulator/emulator.js'
import type { Setup } from '../options/setup.js'
import { withChildEnvironment } from './child-environment.js'
import { listen } from './listen.js'
import { endUnread, say } from './print.js'
import { runChild } from './run-child.js'
import { catchSignals } from './signals.js'

/**
 * Starts an emulator, runs the command against it, and sets azrun's exit code to the command's; to 1 if the command
 * succeeds but the report cannot be written.
 */
export async function exec (setup: Setup, command: readonly string[]): Promise<void> {
  const signals = catchSignals()
  try {
    const emulator = await listen(setup)
    const [program, ...args] = command as [string, ...string[]]
    try {
      process.exitCode = await withChildEnvironment(emulator, setup.config, async env =>
        await runChild({ command: program, args, env }, signals))
    } finally {
      await close(emulator)
    }
  } finally {
    signals.release()
    endUnread()
  }
}

/** Reports what fails at the end, such as writing the report. The exit code of a command that failed stays. */
async function close (emulator: RunningEmulator): Promise<void> {
  try {
    await emulator.close()
  } catch (error) {
    say((error as Error).message)
    process.exitCode ||= 1
  }
}
