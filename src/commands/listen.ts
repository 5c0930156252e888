import type { RunningEmulator, WholeEmulator } from '../emulator/emulator.js'
import { startFrom } from '../emulator/start.js'
import type { Setup } from '../options/setup.js'
import { listenFailure } from './listen-failure.js'
import { ReadyFile } from './ready-file.js'

/** Starts an emulator. The file of --ready-file exists until the emulator closes, and no other azrun may use it. */
export async function listen (setup: Setup): Promise<RunningEmulator & WholeEmulator> {
  const { config } = setup
  const file = config.readyFile === undefined ? undefined : new ReadyFile(config.readyFile, config.nameOf('readyFile'))
  file?.claim()
  const emulator = await startFrom(setup).catch((error: unknown) => { throw listenFailure(error, config) })
  if (file === undefined) return emulator
  try {
    file.write(emulator)
  } catch (error) {
    await emulator.close()
    throw error
  }
  return {
    ...emulator,
    async close () {
      file.remove()
      await emulator.close()
    }
  }
}
