import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import type { RunningEmulator } from '../../src/index.js'
import { SUBSCRIPTION } from '../harness/emulator.js'

/** The packages of the clients under test: the generation that most programs still use, and the newest. */
export const CLIENTS = ['@azure/arm-compute', 'arm-compute-newest'] as const

export interface Call {
  /** A name that both generations share, or a method of a group of operations. */
  readonly method:
    | 'runCommand' | 'listRunCommands' | 'getRunCommand' | 'listVirtualMachines' | 'getVirtualMachine'
    | `virtualMachine${string}.${string}`
  readonly args: readonly unknown[]
  readonly subscriptionId?: string
  /** Sent instead of the client's own. */
  readonly apiVersion?: string
  /** Milliseconds after which the call is aborted. Its last argument must then be an object of options. */
  readonly timeout?: number
}

/** A request that a client sent, and its response. */
export interface Exchange {
  readonly method: string
  readonly url: string
  readonly body?: string
  readonly sentAt: number
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly responseBody?: string
}

/** An error of a client. It has a status and a code only if a response caused it. */
export interface ClientError {
  readonly name: string
  readonly message: string
  readonly statusCode?: number
  readonly code?: string
}

export interface Outcome {
  readonly result?: unknown
  readonly error?: ClientError
  readonly exchanges: readonly Exchange[]
  readonly ms: number
}

export interface CallFunction {
  (emulator: Pick<RunningEmulator, 'url'>, call: Call): Promise<Outcome>
  /** Makes these calls at the same time. */
  (emulator: Pick<RunningEmulator, 'url'>, calls: readonly Call[]): Promise<readonly Outcome[]>
}

/** Starts a program with this client, which also trusts this CA. It ends with the test. */
export function connect (t: Test, client: string, caFile: string,
  more: Readonly<Record<string, string>> = {}): CallFunction {
  const program = fileURLToPath(new URL('client.mjs', import.meta.url))
  const env = { PATH: process.env['PATH'], NODE_EXTRA_CA_CERTS: caFile, ...more }
  const child = spawn(process.execPath, [program, client], { env, stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  t.teardown(async () => {
    child.stdin.end()
    await ended
  })
  return async ({ url: endpoint }: Pick<RunningEmulator, 'url'>, calls: Call | readonly Call[]) => {
    const complete = (call: Call) => ({ endpoint, subscriptionId: SUBSCRIPTION, ...call })
    child.stdin.write(`${JSON.stringify('method' in calls ? complete(calls) : calls.map(complete))}\n`)
    const { done, value } = await lines.next()
    if (done) throw new Error(`the program with ${client} ended early`)
    return JSON.parse(value)
  }
}

export function runShellScript (...script: readonly string[]) {
  return { commandId: 'RunShellScript', script }
}

/** Each exchange as `METHOD what status`. A poll has the name of the header of the 202 that had its URL. */
export function conversation ({ exchanges }: Outcome): string[] {
  const urls = exchanges[0]?.headers ?? {}
  return exchanges.map(({ method, url, status, responseBody }) => {
    if (url === urls['azure-asyncoperation']) return `${method} Azure-AsyncOperation ${status} ${JSON.parse(responseBody!).status}`
    const what = url === urls['location'] ? 'Location' : /\/(\w+)\?/.exec(url)?.[1]
    return `${method} ${what} ${status}`
  })
}
