import { UsageError } from '../core/usage-error.js'
import { findAccount } from '../environment/account.js'
import { prepareEnvironment } from '../environment/environment.js'
import { request } from '../environment/http-client.js'
import { UNSET } from '../environment/inherited.js'
import type { Config } from '../options/config.js'
import type { Running } from './find-running.js'

export interface ClientEnvironment {
  readonly variables: Readonly<Record<string, string>>
  /** Variables that clients must not inherit, and why. */
  readonly unset: Readonly<Record<string, string>>
}

/** The environment for clients of a running azrun. Writes its files to `directory`. */
export async function clientEnvironment (
  { url, httpUrl }: Running, config: Config, directory: string
): Promise<ClientEnvironment> {
  const account = await findAccount(httpUrl, config)
  const { body: ca } = await request(`${httpUrl}/_emulator/ca.pem`)
  try {
    const variables = prepareEnvironment({ url, httpUrl, account, ca, directory, inherited: process.env })
    return { variables, unset: UNSET }
  } catch (error) {
    throw new UsageError(`cannot write the files for clients to ${directory}: ${(error as Error).message}`)
  }
}
