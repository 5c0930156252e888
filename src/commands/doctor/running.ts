import { X509Certificate } from 'node:crypto'
import { request } from '../../environment/http-client.js'
import type { Config } from '../../options/config.js'
import { findRunning, type Running } from '../find-running.js'

/** An azrun that runs. */
export interface RunningAzrun extends Running {
  /** The CA that it uses; undefined if it does not say, as one of another version may not. */
  readonly authority?: RunningAuthority | undefined
}

export interface RunningAuthority {
  /** In PEM. */
  readonly pem: string
  readonly certificate: X509Certificate
  /** Where it keeps that, on the machine that it runs on. */
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

/** Rejects if it does not say. */
async function authorityOf ({ httpUrl }: Running): Promise<RunningAuthority | undefined> {
  const [health, ca] = await Promise.all(['health', 'ca.pem'].map(page => request(`${httpUrl}/_emulator/${page}`)))
  const { caFile: file } = JSON.parse(health!.body)
  const pem = ca!.body.trim()
  return typeof file === 'string' ? { pem, certificate: new X509Certificate(pem), file } : undefined
}
