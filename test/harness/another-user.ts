import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'

/** A user that no system's list of users names, as a container may have. */
const NOBODY = 54321

/** Why this process may not become another user; false if it may. */
export const cannotBecomeAnother = spawnSync('true', { uid: NOBODY }).status !== 0 &&
  'this user may not become another one'

/**
 * What a program, an ES module, prints as that user. It becomes one once the modules in `imports`, lines of `import`,
 * are loaded: they may be where only this user can read.
 */
export function outputAsAnother (imports: string, program: string, env: NodeJS.ProcessEnv = {}): string {
  const text = `${imports}\nprocess.setgid(${NOBODY})\nprocess.setuid(${NOBODY})\n${program}`
  return execFileSync(process.execPath, ['--input-type=module', '-e', text], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}

/** A new directory that everyone may write to, until the test ends. */
export function sharedDirectory (t: Test): string {
  const directory = mkdtempSync(join(tmpdir(), 'azrun-test-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  chmodSync(directory, 0o1777)
  return directory
}
