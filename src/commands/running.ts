import { readFileSync } from 'node:fs'
import { authorityOf, type Config } from '../config.js'
import { request } from '../environment/request.js'

/** What a running azrun says of itself. */
export interface Running {
  readonly url: string
  readonly caFile: string
}

/** Finds the azrun that --ready-file or --host and --port name. Rejects where none answers. */
export async function findRunning ({ readyFile, host, port }: Config): Promise<Running> {
  const httpUrl = readyFile === undefined ? `http://${authorityOf(host, port)}` : readReadyFile(readyFile)
  const { caFile } = await askHealth(httpUrl)
  return { url: httpUrl.replace('http:', 'https:'), caFile }
}

function readReadyFile (file: string): string {
  try {
    const { httpUrl } = JSON.parse(readFileSync(file, 'utf8'))
    if (!URL.canParse(httpUrl)) throw new Error('it names no httpUrl')
    return httpUrl
  } catch (error) {
    throw new Error(`no azrun is running: --ready-file ${file} cannot be read: ${(error as Error).message}`)
  }
}

async function askHealth (httpUrl: string): Promise<{ caFile: string }> {
  try {
    const { status, body } = await request(`${httpUrl}/_emulator/health`)
    const health = parse(body)
    if (health?.status !== 'ready') throw new Error(`what answers there, with ${status}, is not azrun`)
    return health
  } catch (error) {
    throw new Error(`no azrun is running at ${httpUrl}: ${(error as Error).message}`)
  }
}

function parse (json: string) {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
