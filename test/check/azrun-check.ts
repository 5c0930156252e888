import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { azrun, type Ended } from '../harness/azrun.js'

const CLIENT = fileURLToPath(new URL('client.js', import.meta.url))

/** Runs `azrun check` with the client of this folder as its command. */
export async function checkClient (t: Test, dataDir: string, options: readonly string[],
  args: readonly string[] = []): Promise<Ended> {
  return await checkCommand(t, dataDir, [...options, '--', process.execPath, CLIENT, ...args])
}

/** Runs `azrun check` with these arguments. */
export async function checkCommand (t: Test, dataDir: string, args: readonly string[]): Promise<Ended> {
  return await azrun(t, ['check', ...args], { AZRUN_DATA_DIR: dataDir })
}
