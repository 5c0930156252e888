import type { Config } from '../options/config.js'
import { findRunning } from './find-running.js'

/** Succeeds if azrun is running. */
export async function healthcheck (config: Config): Promise<void> {
  await findRunning(config)
}
