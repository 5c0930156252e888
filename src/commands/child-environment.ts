import { rmSync } from 'node:fs'
import { UsageError } from '../core/usage-error.js'
import { makeTemporaryForProcess, removeAbandoned } from '../data-dir/temporary-directory.js'
import type { RunningEmulator } from '../emulator/emulator.js'
import { UNSET } from '../environment/inherited.js'
import type { Config } from '../options/config.js'
import { clientEnvironment } from './client-environment.js'
import { say } from './print.js'

/** Variables not to inherit: an azrun that the command starts needs its own port and ready file. */
const NOT_INHERITED = ['AZRUN_PORT', 'AZRUN_READY_FILE']

/** Calls `use` with the environment for a command that uses this emulator, and then removes the files for it. */
export async function withChildEnvironment<T> (emulator: RunningEmulator, config: Config,
  use: (env: NodeJS.ProcessEnv) => Promise<T>): Promise<T> {
  const directory = makeTemporary()
  try {
    await removeAbandoned({ warn: say })
    const variables = await clientEnvironment(emulator, config, directory)
    const { adminToken } = emulator
    const env: NodeJS.ProcessEnv = { ...process.env, ...variables, ...adminToken && { AZRUN_ADMIN_TOKEN: adminToken } }
    for (const name of [...Object.keys(UNSET), ...NOT_INHERITED]) delete env[name]
    return await use(env)
  } finally {
    remove(directory)
  }
}

function makeTemporary (): string {
  try {
    return makeTemporaryForProcess()
  } catch (error) {
    throw new UsageError(`cannot write the files for the command: ${(error as Error).message}; set TMPDIR to a ` +
      'directory that azrun can write')
  }
}

/** Processes left by the command may still write there. That must not change the exit code. */
function remove (directory: string): void {
  try {
    rmSync(directory, { recursive: true, force: true, maxRetries: 3 })
  } catch (error) {
    say(`${directory} cannot be removed: ${(error as Error).message}`)
  }
}
