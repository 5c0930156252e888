import type { Setup } from '../options/setup.js'
import { withChildEnvironment } from './child-environment.js'
import { listen } from './listen.js'
import { endUnread } from './print.js'
import { runChild } from './run-child.js'
import { catchSignals } from './signals.js'

/** Starts an emulator, runs the command against it, and sets azrun's exit code to the command's. */
export async function exec (setup: Setup, command: readonly string[]): Promise<void> {
  const signals = catchSignals()
  try {
    const emulator = await listen(setup)
    const [program, ...args] = command as [string, ...string[]]
    try {
      process.exitCode = await withChildEnvironment(emulator, setup.config, async env =>
        await runChild({ command: program, args, env }, signals))
    } finally {
      await emulator.close()
    }
  } finally {
    signals.release()
    endUnread()
  }
}
