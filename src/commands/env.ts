import type { Config } from '../config.js'
import { findRunning } from './running.js'

/** Prints what a POSIX shell must export for clients of the running azrun. */
export async function env (config: Config): Promise<void> {
  const { url, caFile } = await findRunning(config)
  const variables = { AZRUN_URL: url, NODE_EXTRA_CA_CERTS: caFile }
  for (const [name, value] of Object.entries(variables)) {
    process.stdout.write(`export ${name}='${value.replaceAll("'", "'\\''")}'\n`)
  }
}
