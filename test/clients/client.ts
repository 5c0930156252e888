import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { CLI } from '../harness/azrun.js'

const HERE = fileURLToPath(new URL('.', import.meta.url))

/** The members of a release in client.json that the tests use. run.js uses the others. */
export interface Client {
  /** Such as `python/29`. */
  readonly name: string
  /** The client's folder. */
  readonly group: string
  readonly title: string
  /** The versions of the client's packages, which its lock file must contain. */
  readonly versions: Readonly<Record<string, string>>
  readonly lock: string
  /** A command. Paths that start with ./ are in the client's folder. */
  readonly program: readonly string[]
  /** The command of the program for machines. Its last argument is the file of steps. */
  readonly machines?: readonly string[]
  /**
   * The only tests for this release: `machines` for the oldest one with managed run commands, and `own cases` for a
   * client that is no SDK for the action.
   */
  readonly only?: 'machines' | 'own cases'
  /** Members that the models of this release lack. */
  readonly lacks?: readonly string[]
  readonly credentials: readonly string[]
  /** The time limit of a run in milliseconds, well below the shortest wait of the client. */
  readonly bound: number
  /** Names for a hosts file of the JVM, because this client resolves them itself instead of its proxy. */
  readonly hosts?: readonly string[]
}

export interface Status {
  readonly code: string
  readonly level: string
  readonly displayStatus: string
  readonly message: string
}

/** The line that a client's program prints. */
export interface Outcome {
  readonly statuses?: readonly Status[]
  readonly error?: { readonly code: string | null, readonly message: string, readonly status: number | null }
  readonly milliseconds: readonly number[]
}

export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** The clients that run.js has installed. */
export function readClients (): Client[] {
  return JSON.parse(process.env['AZRUN_CLIENTS'] ?? '[]')
}

export function readLock ({ group, lock }: Client): string {
  return readFileSync(`${HERE}${group}/${lock}`, 'utf8')
}

/** The command that starts a client's program. */
export function commandOf ({ group, program }: Client, args: readonly string[]): string[] {
  return [...program.map(each => each.startsWith('./') ? `${HERE}${group}/${each.slice(2)}` : each), ...args]
}

/** The variables that this client needs without DNS, as docs/clients.md says. Writes a hosts file to `dir`. */
export function extraEnvironment ({ hosts }: Client, dir: string): Record<string, string> {
  if (hosts === undefined) return {}
  const file = join(dir, 'hosts')
  writeFileSync(file, `127.0.0.1 ${hosts.join(' ')}\n`)
  return { JAVA_TOOL_OPTIONS: `-Djdk.net.hosts.file=${file}` }
}

/** Runs a command with `azrun exec` and these options, in an environment without variables for Azure. */
export async function exec (home: string, options: readonly string[], command: readonly string[],
  env: Record<string, string> = {}): Promise<Ended> {
  return await run([process.execPath, CLI, 'exec', ...options, '--', ...command], { ...bareEnvironment(home), ...env })
}

/** The variables that every program needs. */
export function bareEnvironment (home: string): Record<string, string> {
  const { PATH = '', JAVA_HOME } = process.env
  return { PATH, HOME: home, ...JAVA_HOME !== undefined && { JAVA_HOME } }
}

export async function run ([command, ...args]: readonly string[], env: Record<string, string>,
  cwd?: string): Promise<Ended> {
  const child = spawn(command!, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr, [code, signal]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code: code ?? signal, stdout, stderr }
}

/** The line of JSON that the program printed. Throws its output if it printed anything else. */
export function outcomeOf ({ code, stdout, stderr }: Ended): Outcome {
  if (code === 0 && /^\{.*\}\n$/.test(stdout)) return JSON.parse(stdout)
  throw new Error(`the program ended with ${code}: ${stdout}${stderr}`)
}
