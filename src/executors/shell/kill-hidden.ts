import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { isHidden } from '../../processes/proc.js'

/** How often to search again for processes that were started while others were killed. */
export const MAX_ROUNDS = 50

/** The exit code if something was killed. */
const KILLED = 3

const PROGRAM = `
for pid; do
  if tr '\\0' '\\n' < "/proc/$pid/environ" | grep -qxF "$0"; then kill -9 "$pid" && found=${KILLED}; fi
done
exit \${found:-0}`

/**
 * Kills another user's processes with this variable where azrun cannot see it. In a container, root may not read the
 * environment of another user's processes (CAP_SYS_PTRACE), but that user may.
 */
export async function killHidden (candidates: () => readonly number[], variable: string,
  { uid, gid }: { readonly uid: number, readonly gid: number }): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const hidden = candidates().filter(isHidden)
    if (hidden.length === 0) return
    const child = spawn('/bin/sh', ['-c', PROGRAM, variable, ...hidden.map(String)],
      { uid, gid, cwd: '/', env: { PATH: '/usr/bin:/bin' }, stdio: 'ignore' })
    const [code] = await once(child, 'close')
    if (code !== KILLED) return
  }
}
