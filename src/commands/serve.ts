import { createLogger, defaultLevel } from '../logging/logger.js'
import type { Setup } from '../options/setup.js'
import { removeEnvironment } from './environment-directory.js'
import { listen } from './listen.js'
import { endUnread, print, say } from './print.js'
import { readyLines } from './ready-lines.js'
import { onSignal } from './signals.js'

/** Starts the emulator and runs until a signal ends it. */
export async function serve (setup: Setup): Promise<void> {
  const { config } = setup
  const { logLevel = defaultLevel(config.logFormat) } = config
  const listening = listen({ ...setup, parts: { ...setup.parts, logger: createLogger({ ...config, logLevel }) } })
  const stop = async () => {
    try {
      const emulator = await listening
      await emulator.close()
      removeEnvironment(config, emulator.url)
    } catch (error) {
      say((error as Error).message)
      process.exitCode = 1
    }
    endUnread()
  }
  // Installed before the ready file exists: a process that waits for it may send a signal at once.
  onSignal(stop)
  const ready = readyLines(await listening, config, process.stdout.isTTY)
  await print(ready).catch((error: unknown) => say((error as Error).message))
}
