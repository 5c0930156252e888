import { request } from '../../environment/http-client.js'
import type { Config } from '../../options/config.js'
import { findRunning, type Running } from '../find-running.js'

/** An azrun that runs, and the CA that it uses. */
export interface RunningAzrun extends Running {
  /** In PEM. */
  readonly ca: string
  /** Where it keeps that, on the machine that it runs on. */
  readonly caFile: string
}

/** The azrun at the host and port, if there is one that says which CA it has. */
export async function runningAt (config: Config): Promise<RunningAzrun | undefined> {
  try {
    const running = await findRunning({ ...config, readyFile: undefined })
    const [health, ca] = await Promise.all(['health', 'ca.pem'].map(page => request(`${running.httpUrl}/_emulator/${page}`)))
    return { ...running, ca: ca!.body.trim(), caFile: JSON.parse(health!.body).caFile }
  } catch {
    return undefined
  }
}
