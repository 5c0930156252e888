import { UsageError } from '../core/usage-error.js'
import { findAccount } from '../environment/account.js'
import { prepareEnvironment } from '../environment/environment.js'
import { request } from '../environment/http-client.js'
import type { Config } from '../options/config.js'
import type { Running } from './find-running.js'

/** The variables for clients of a running azrun. Writes the files that they name to `directory`. */
export async function clientEnvironment ({ url, httpUrl }: Running, config: Config,
  directory: string): Promise<Record<string, string>> {
  const account = await findAccount(httpUrl, config)
  const { body: ca } = await request(`${httpUrl}/_emulator/ca.pem`)
  try {
    return prepareEnvironment({ url, httpUrl, account, ca, directory, inherited: process.env })
  } catch (error) {
    throw new UsageError(`cannot write the files for clients to ${directory}: ${(error as Error).message}`)
  }
}
