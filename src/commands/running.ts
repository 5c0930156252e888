import { readFileSync } from 'node:fs'
import { authorityOf, type Config } from '../config.js'
import { request } from '../environment/request.js'

/** What a running azrun says of itself. */
export interface Running {
  readonly url: string
  /** The same port without TLS. */
  readonly httpUrl: string
}

/** Finds the azrun that --ready-file or --host and --port name. Rejects where none answers. */
export async function findRunning ({ readyFile, host, port }: Config): Promise<Running> {
  const httpUrl = readyFile === undefined ? `http://${authorityOf(host, port)}` : readReadyFile(readyFile)
  await askHealth(httpUrl)
  return { url: httpUrl.replace('http:', 'https:'), httpUrl }
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

async function askHealth (httpUrl: string): Promise<void> {
  try {
    const { status, body } = await request(`${httpUrl}/_emulator/health`)
    if (parse(body)?.status !== 'ready') throw new Error(`what answers there, with ${status}, is not azrun`)
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
