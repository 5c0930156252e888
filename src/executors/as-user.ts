import { realpathSync } from 'node:fs'
import { basename } from 'node:path'
import type { Account } from './accounts.js'
import { ExecutionError } from './executor.js'
import { findProgram } from './programs.js'
import { quote } from './sh.js'

/** The directory, in one of azrun's own, that belongs to the user as whom a script runs. */
export const OF_USER = 'user'

/** Where the programs are that make a process another user's: not where azrun's own PATH may lead. */
const PATH = '/usr/sbin:/usr/bin:/sbin:/bin'

/**
 * The command that runs a program as a user, with the user's groups: Node's spawn with `uid` drops them all. util-linux
 * is on every Debian: its setpriv becomes the program, while its su stays its parent and starts it in another session.
 * Alpine has no such setpriv, but a su that becomes the program. There is a sudo on neither.
 */
export function asUser ({ name, uid, gid }: Account, file: string, args: readonly string[]): [string, ...string[]] {
  const setpriv = findProgram('setpriv', PATH)
  if (setpriv !== undefined && !isBusybox(setpriv)) {
    return [setpriv, `--reuid=${uid}`, `--regid=${gid}`, '--init-groups', '--', file, ...args]
  }
  const su = findProgram('su', PATH)
  if (su !== undefined) return [su, '-p', '-s', '/bin/sh', '-c', `exec ${[file, ...args].map(quote).join(' ')}`, name]
  throw new ExecutionError('ScriptNotStarted', `The script is to run as '${name}', which takes setpriv or su, and azrun ` +
    `finds neither in ${PATH}: install util-linux.`)
}

/** One program that is many, of which each does less. */
function isBusybox (file: string): boolean {
  return basename(realpathSync(file)) === 'busybox'
}
