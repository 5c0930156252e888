import { readFileSync } from 'node:fs'
import { UsageError } from '../core/usage-error.js'
import { request } from '../environment/http-client.js'
import { whyUnreadable } from '../files/why-unreadable.js'
import { authorityOf, type Config } from '../options/config.js'

/** The addresses of a running azrun. */
export interface Running {
  readonly url: string
  /** The same port without TLS. */
  readonly httpUrl: string
}

/** What selects a running azrun. */
export type Selection = Pick<Config, 'readyFile' | 'host' | 'port' | 'nameOf'>

/**
 * Finds the azrun at --ready-file, else at --host and --port. Rejects if it does not respond, within `timeout`
 * milliseconds.
 */
export async function findRunning ({ readyFile, host, port, nameOf }: Selection, timeout?: number): Promise<Running> {
  if (readyFile === undefined && port === 0) {
    throw new UsageError(`${nameOf('port').subject} 0 does not say which azrun: give its port, or its --ready-file`)
  }
  const httpUrl = readyFile === undefined ? `http://${authorityOf(host, port)}` : readReadyFile(readyFile, nameOf('readyFile').text)
  await askHealth(httpUrl, timeout)
  return { url: httpUrl.replace('http:', 'https:'), httpUrl }
}

function readReadyFile (file: string, option: string): string {
  const text = readText(file, option)
  try {
    const { httpUrl } = JSON.parse(text)
    if (!URL.canParse(httpUrl)) throw new Error('it has no valid httpUrl')
    return httpUrl
  } catch (error) {
    throw new Error(`no azrun is running: ${option} ${file} cannot be read: ${(error as Error).message}`)
  }
}

function readText (file: string, option: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(`no azrun is running: ${option} ${file} ${whyUnreadable(error)}`)
  }
}

/** No azrun responds at an address. */
export class NotRunning extends Error {}

/** An azrun is running, but refuses the request. */
class Refused extends Error {}

async function askHealth (httpUrl: string, timeout?: number): Promise<void> {
  try {
    const { status, body } = await request(`${httpUrl}/_emulator/health`, { timeout })
    const { status: state, error } = parse(body) ?? {}
    if (/^azrun refuses /.test(error?.message)) throw new Refused(error.message)
    if (state !== 'ready') {
      throw new Error(`the server there, which responded with ${status}, is not azrun or is not ready`)
    }
  } catch (error) {
    if (error instanceof Refused) throw error
    throw new NotRunning(`no azrun is running at ${httpUrl}: ${(error as Error).message}`)
  }
}

function parse (json: string) {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
