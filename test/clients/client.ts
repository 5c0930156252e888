import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

/** What run.js read in a client.json of one release; it uses the rest itself. */
export interface Client {
  /** `python/29` */
  readonly name: string
  /** The client's folder: its language. */
  readonly group: string
  readonly title: string
  /** The version of each package that makes the client, which its lock file must have. */
  readonly versions: Readonly<Record<string, string>>
  readonly lock: string
  /** A command; what starts with ./ is in the client's folder. */
  readonly program: readonly string[]
  /** The command of the program for machines, to which the file of steps is added. */
  readonly machines?: readonly string[]
  /**
   * What this release is here for, where that is not everything: as the oldest one with managed run commands, or for
   * the cases of its folder, as it is no SDK for the action.
   */
  readonly only?: 'machines' | 'own cases'
  /** Members of models that this release does not know yet. */
  readonly lacks?: readonly string[]
  readonly credentials: readonly string[]
  /** Milliseconds that a run may take, well below the shortest wait that this client falls into by itself. */
  readonly bound: number
  /** Names that the JVM must find in a hosts file, since this client does not leave them to its proxy. */
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

/** The clients that run.js found complete. */
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

/** What docs/clients.md tells to set for this client where there is no DNS; the file is in the folder `dir`. */
export function extraEnvironment ({ hosts }: Client, dir: string): Record<string, string> {
  if (hosts === undefined) return {}
  const file = join(dir, 'hosts')
  writeFileSync(file, `127.0.0.1 ${hosts.join(' ')}\n`)
  return { JAVA_TOOL_OPTIONS: `-Djdk.net.hosts.file=${file}` }
}

/** Runs a command below `azrun exec`, with these options, in an environment that knows nothing of Azure. */
export async function exec (home: string, options: readonly string[], command: readonly string[],
  env: Record<string, string> = {}): Promise<Ended> {
  return await run([process.execPath, CLI, 'exec', ...options, '--', ...command], { ...bareEnvironment(home), ...env })
}

/** What every program needs of its environment. */
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

/** What the program printed; throws what it said on stderr where that is not one line of JSON. */
export function outcomeOf ({ code, stdout, stderr }: Ended): Outcome {
  if (code === 0 && /^\{.*\}\n$/.test(stdout)) return JSON.parse(stdout)
  throw new Error(`the program ended with ${code}: ${stdout}${stderr}`)
}
