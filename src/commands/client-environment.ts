import type { Config } from '../config.js'
import { findAccount } from '../environment/account.js'
import { prepareEnvironment } from '../environment/environment.js'
import { UNSET } from '../environment/inherited.js'
import { request } from '../environment/request.js'
import { UsageError } from '../usage-error.js'
import type { Running } from './running.js'

export interface ClientEnvironment {
  readonly variables: Readonly<Record<string, string>>
  /** What clients must not inherit. */
  readonly unset: readonly string[]
}

/** What clients of a running azrun need, its files in this directory. */
export async function clientEnvironment (
  { url, httpUrl }: Running, config: Config, directory: string
): Promise<ClientEnvironment> {
  const account = await findAccount(httpUrl, config)
  const { body: ca } = await request(`${httpUrl}/_emulator/ca.pem`)
  try {
    const variables = prepareEnvironment({ url, httpUrl, account, ca, directory, inherited: process.env })
    return { variables, unset: Object.keys(UNSET) }
  } catch (error) {
    throw new UsageError(`${directory} cannot hold what clients need: ${(error as Error).message}`)
  }
}
