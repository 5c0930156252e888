import { realpathSync } from 'node:fs'
import { basename } from 'node:path'
import { shellWord } from '../../core/shell-word.js'
import { ExecutionError } from '../executor.js'
import type { Account } from './accounts.js'
import { findProgram } from './programs.js'

/** Where to find setpriv and su. azrun's own PATH is not safe for that. */
const PATH = '/usr/sbin:/usr/bin:/sbin:/bin'

/**
 * The command that runs a program as a user, with the user's groups, which Node's spawn with `uid` drops. Every Debian
 * has util-linux: its setpriv becomes the program, while its su remains the parent and starts it in another session.
 * Alpine has no such setpriv, but its su becomes the program. Neither has sudo.
 */
export function asUser ({ name, uid, gid }: Account, file: string, args: readonly string[]): [string, ...string[]] {
  const setpriv = findProgram('setpriv', PATH)
  if (setpriv !== undefined && !isBusybox(setpriv)) {
    return [setpriv, `--reuid=${uid}`, `--regid=${gid}`, '--init-groups', '--', file, ...args]
  }
  const su = findProgram('su', PATH)
  if (su !== undefined) return [su, '-p', '-s', '/bin/sh', '-c', `exec ${[file, ...args].map(shellWord).join(' ')}`, name]
  throw new ExecutionError('ScriptNotStarted', `The script must run as '${name}', which needs setpriv or su, and azrun ` +
    `finds neither in ${PATH}: install util-linux.`)
}

/** Whether a program is part of BusyBox, whose versions of programs can do less. */
function isBusybox (file: string): boolean {
  return basename(realpathSync(file)) === 'busybox'
}
