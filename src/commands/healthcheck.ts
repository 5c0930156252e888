import type { Config } from '../config.js'
import { findRunning } from './running.js'

/** Succeeds if azrun is running. */
export async function healthcheck (config: Config): Promise<void> {
  await findRunning(config)
}
