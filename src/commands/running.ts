import { readFileSync } from 'node:fs'
import { get } from 'node:http'
import type { Config } from '../config.js'

/** What a running azrun says of itself. */
export interface Running {
  readonly url: string
  readonly caFile: string
}

/** Milliseconds that a running azrun may take to answer. */
const PATIENCE = 5_000

/** Finds the azrun that --ready-file or --host and --port name. Rejects where none answers. */
export async function findRunning ({ readyFile, host, port }: Config): Promise<Running> {
  const httpUrl = readyFile === undefined ? `http://${authority(host, port)}` : readReadyFile(readyFile)
  const { caFile } = await askHealth(httpUrl)
  return { url: httpUrl.replace('http:', 'https:'), caFile }
}

function readReadyFile (file: string): string {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).httpUrl
  } catch (error) {
    throw new Error(`no azrun is running: --ready-file ${file} cannot be read: ${(error as Error).message}`)
  }
}

function askHealth (httpUrl: string): Promise<{ caFile: string }> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(new Error(`no azrun is running at ${httpUrl}: ${error.message}`))
    const request = get(`${httpUrl}/_emulator/health`, { timeout: PATIENCE }, response => {
      response.setEncoding('utf8')
      let text = ''
      response.on('data', (chunk: string) => { text += chunk })
      response.on('end', () => {
        try {
          const health = JSON.parse(text)
          if (health.status !== 'ready') throw new Error(`it answered ${response.statusCode}`)
          resolve(health)
        } catch (error) {
          fail(error as Error)
        }
      })
    })
    request.on('timeout', () => request.destroy(new Error(`no answer within ${PATIENCE / 1000} s`)))
    request.on('error', fail)
  })
}

function authority (host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`
}
