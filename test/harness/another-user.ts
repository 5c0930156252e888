import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'

/** A user id that no system has an account for, as in some containers. */
const NOBODY = 54321

/** The reason to skip tests that need another user, or false. */
export const cannotBecomeAnother = spawnSync('true', { uid: NOBODY }).status !== 0 &&
  'needs root, to become another user'

/**
 * Runs a program, an ES module, as that user, and returns its output. It switches to the user after it has loaded the
 * modules in `imports`, lines of `import`, because they may be readable only by this user.
 */
export function outputAsAnother (imports: string, program: string, env: NodeJS.ProcessEnv = {}): string {
  const source = `${imports}\nprocess.setgid(${NOBODY})\nprocess.setuid(${NOBODY})\n${program}`
  return execFileSync(process.execPath, ['--input-type=module', '-e', source], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}

/** Creates a directory that everyone can write to. It is removed when the test ends. */
export function sharedDirectory (t: Test): string {
  const directory = mkdtempSync(join(tmpdir(), 'azrun-test-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  chmodSync(directory, 0o1777)
  return directory
}
