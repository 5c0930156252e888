import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export const PROJECT = fileURLToPath(new URL('../..', import.meta.url))

/** Packs the built package, as for publishing, into a file in the directory. Returns its path. */
export async function pack (directory: string): Promise<string> {
  const { stdout } = await npm(PROJECT, ['pack', '--ignore-scripts', '--silent', '--pack-destination', directory])
  return join(directory, stdout.trim())
}

export async function npm (cwd: string, args: readonly string[], timeout?: number) {
  return await runAsUser(cwd, 'npm', [...args, '--no-audit', '--no-fund', '--no-update-notifier'], timeout)
}

/** Runs a program like a user's shell, without the variables that npm and the terminal add for the tests. */
export async function runAsUser (cwd: string, program: string, args: readonly string[], timeout = 60_000) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_|^FORCE_COLOR$/i.test(name)))
  return await promisify(execFile)(program, args, { cwd, env, timeout })
}
