import { setTimeout } from 'node:timers/promises'
import { killHidden } from './kill-hidden.js'
import { hasVariable, lastProcessId, processIds, statOf } from '../processes/proc.js'

/** The variable that marks the processes of a script. */
export const MARKER = 'AZRUN_SCRIPT'

/** How often to look again for what processes have started while others of theirs were killed. */
const MAX_ROUNDS = 50

/** In fewer milliseconds no machine gives out all its process ids: a child's comes after that of its parent. */
const SAME_ROUND_OF_IDS = 1000

/** A script that was started: its first process leads a group and a session. */
export interface StartedScript {
  readonly pid: number
  /** The value of its marker. */
  readonly marker: string
  /** By `performance.now()`. */
  readonly startedAt: number
  /** The user that it runs as, if that is another one than azrun's. */
  readonly account?: { readonly uid: number, readonly gid: number }
}

/**
 * Kills what a script has started: its process group, its session, and whatever has its marker in the environment. What
 * has left all three, as after `env -i setsid`, is not found; without /proc, only the group is.
 */
export async function killScript (script: StartedScript,
  { hasExited }: { readonly hasExited: boolean }): Promise<void> {
  sendKill(-script.pid)
  // Once its leader is gone, a session may have ended, and its id may be that of a stranger.
  const hasSession = !hasExited || statOf(script.pid) === undefined
  const marked = `${MARKER}=${script.marker}\0`
  await killAll(() => candidatesOf(script), pid =>
    (hasSession && statOf(pid)?.session === script.pid) || hasVariable(pid, marked))
  if (script.account !== undefined) {
    await killHidden(() => candidatesOf(script), `${MARKER}=${script.marker}`, script.account)
  }
}

/**
 * Kills the processes that `isOurs`, until there are no new ones; it looks again at those of which it is undefined.
 * Resolves to the number of those killed. The first round is over when this returns.
 */
export async function killAll (candidates: () => readonly number[],
  isOurs: (pid: number) => boolean | undefined): Promise<number> {
  const killed = new Set<number>([process.pid])
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const ours = candidates().filter(pid => !killed.has(pid)).map(pid => [pid, isOurs(pid)] as const)
    const found = ours.filter(([pid, isOurs]) => isOurs && sendKill(pid))
    for (const [pid] of found) killed.add(pid)
    const isUnclear = ours.some(([, isOurs]) => isOurs === undefined)
    if (found.length === 0 && !isUnclear) break
    if (isUnclear) await setTimeout(1)
  }
  return killed.size - 1
}

/** To look at every process takes milliseconds; at those which are younger than a short script, microseconds. */
function candidatesOf ({ pid, startedAt }: StartedScript): readonly number[] {
  if (performance.now() - startedAt > SAME_ROUND_OF_IDS) return processIds()
  const last = lastProcessId()
  if (last === pid) return []
  return processIds().filter(id => id > pid || (last < pid && id <= last))
}

/** Kills a process, or with a negative id a process group, and says whether there was one that this user may kill. */
function sendKill (target: number): boolean {
  try {
    return process.kill(target, 'SIGKILL')
  } catch (error) {
    // Gone, or another user's (sudo).
    if (['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code!)) return false
    throw error
  }
}
