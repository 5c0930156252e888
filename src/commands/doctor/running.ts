import { X509Certificate } from 'node:crypto'
import { request } from '../../environment/http-client.js'
import type { Config } from '../../options/config.js'
import { findRunning, type Running } from '../find-running.js'

/** A running azrun. */
export interface RunningAzrun extends Running {
  /** The CA that it uses; undefined if it does not say, as an older version may not. */
  readonly authority?: RunningAuthority | undefined
}

/** The CA of a running azrun. */
export interface RunningAuthority {
  /** In PEM. */
  readonly pem: string
  readonly certificate: X509Certificate
  /** The file of the CA, on the machine where that azrun runs. */
  readonly file: string
}

/** The azrun at the host and port, if there is one. */
export async function runningAt (config: Config): Promise<RunningAzrun | undefined> {
  try {
    const running = await findRunning({ ...config, readyFile: undefined })
    return { ...running, authority: await authorityOf(running).catch(() => undefined) }
  } catch {
    return undefined
  }
}

/** The CA of a running azrun. Rejects if azrun does not say. */
async function authorityOf ({ httpUrl }: Running): Promise<RunningAuthority | undefined> {
  const [health, ca] = await Promise.all(['health', 'ca.pem'].map(page => request(`${httpUrl}/_emulator/${page}`)))
  const { caFile: file } = JSON.parse(health!.body)
  const pem = ca!.body.trim()
  return typeof file === 'string' ? { pem, certificate: new X509Certificate(pem), file } : undefined
}
