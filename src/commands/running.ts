import { readFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { authorityOf, type Config } from '../config.js'

/** What a running azrun says of itself. */
export interface Running {
  readonly url: string
  readonly caFile: string
}

/** Milliseconds that a running azrun may take to answer. */
const PATIENCE = 5_000

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
    const response = await ask(`${httpUrl}/_emulator/health`)
    const health = parse(await text(response))
    if (health?.status !== 'ready') throw new Error(`what answers there, with ${response.statusCode}, is not azrun`)
    return health
  } catch (error) {
    const reason = (error as Error).name === 'AbortError' ? `no answer within ${PATIENCE / 1000} s` : (error as Error).message
    throw new Error(`no azrun is running at ${httpUrl}: ${reason}`)
  }
}

function ask (url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, { signal: AbortSignal.timeout(PATIENCE) }, resolve).on('error', reject)
  })
}

function parse (json: string) {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
