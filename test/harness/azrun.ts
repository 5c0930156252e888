import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { startProgram } from './program.js'

/** The built command line. */
export const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

type Environment = Readonly<Record<string, string>>

/** The output and the exit code of a process. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Serving {
  readonly child: ChildProcess
  readonly url: string
  readonly httpUrl: string
  readonly port: number
  readonly ended: Promise<Ended>
}

/** Runs the built command line to its end. Its environment has only these variables and PATH. */
export async function azrun (t: Test, args: readonly string[], env: Environment = {}): Promise<Ended> {
  return await launch(t, args, env).ended
}

/** Runs `azrun serve` on a free port until the test ends. Resolves when it reports that it is ready. */
export async function serving (t: Test, dataDir: string, args: readonly string[] = [],
  env: Environment = {}): Promise<Serving> {
  return await launched(t, ['--port', '0', '--data-dir', dataDir, ...args], env)
}

/** Runs `azrun serve` with only these options until the test ends. Resolves when it reports that it is ready. */
export async function launched (t: Test, args: readonly string[], env: Environment): Promise<Serving> {
  const { child, ended } = launch(t, args, env)
  const first = await Promise.race([once(child.stdout!, 'data'), ended])
  if (!Array.isArray(first)) throw new Error(`azrun ended with ${first.code}: ${first.stderr}`)
  const url = `${first[0]}`.split('\n')[0]!.replace('azrun listening on ', '')
  return { child, url, httpUrl: url.replace('https:', 'http:'), port: Number(new URL(url).port), ended }
}

function launch (t: Test, args: readonly string[], env: Environment) {
  const child = startProgram([process.execPath, CLI, ...args], { PATH: process.env['PATH'], ...env }, {
    stdio: ['ignore', 'pipe', 'pipe']
  })
  t.teardown(() => { child.kill('SIGKILL') })
  return { child, ended: end(child) }
}

async function end (child: ChildProcess): Promise<Ended> {
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout!), text(child.stderr!), once(child, 'close')])
  return { code, stdout, stderr }
}
