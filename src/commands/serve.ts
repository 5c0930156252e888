import type { Config } from '../config.js'
import { listen } from './listening.js'

/** Takes requests until SIGINT or SIGTERM. */
export async function serve (config: Config): Promise<void> {
  const listening = listen(config)
  const stop = async () => {
    try {
      await (await listening).close()
    } catch (error) {
      process.stderr.write(`azrun: ${(error as Error).message}\n`)
      process.exitCode = 1
    }
  }
  // Before the ready file is there: whoever waits for it may send one at once.
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  const { url } = await listening
  process.stdout.write(`azrun listening on ${url}\n`)
}
