import { setTimeout } from 'node:timers/promises'
import { hasVariable, lastProcessId, processIds, statOf } from '../../processes/proc.js'
import { killHidden, MAX_ROUNDS } from './kill-hidden.js'

/** The variable that marks the processes of a script. */
export const MARKER = 'AZRUN_SCRIPT'

/** In fewer milliseconds no machine uses up its process ids, so that a child's id comes after its parent's. */
const SAME_ROUND_OF_IDS = 1000

/** A started script. Its first process leads a group and a session. */
export interface StartedScript {
  readonly pid: number
  /** The value of its marker. */
  readonly marker: string
  /** The value of `performance.now()`. */
  readonly startedAt: number
  /** The user that it runs as, if that is not azrun's. */
  readonly account?: { readonly uid: number, readonly gid: number }
}

/**
 * Kills everything that a script has started: its process group, its session, and processes with its marker in the
 * environment. It cannot find a process that has left all three, as after `env -i setsid`. Without /proc it kills only
 * the group.
 */
export async function killScript (script: StartedScript,
  { hasExited }: { readonly hasExited: boolean }): Promise<void> {
  sendKill(-script.pid)
  // Once its leader is gone, the session may have ended, and another session may have its id.
  const hasSession = !hasExited || statOf(script.pid) === undefined
  const marked = `${MARKER}=${script.marker}\0`
  await killAll(() => candidatesOf(script), pid =>
    (hasSession && statOf(pid)?.session === script.pid) || hasVariable(pid, marked))
  if (script.account !== undefined) {
    await killHidden(() => candidatesOf(script), `${MARKER}=${script.marker}`, script.account)
  }
}

/**
 * Kills the processes for which `isOurs` is true, until there are no new ones. It checks those again for which it is
 * undefined. Resolves to the number of killed processes. The first round is synchronous.
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

/** All processes, or only those started after a short script: checking these takes microseconds, not milliseconds. */
function candidatesOf ({ pid, startedAt }: StartedScript): readonly number[] {
  if (performance.now() - startedAt > SAME_ROUND_OF_IDS) return processIds()
  const last = lastProcessId()
  if (last === pid) return []
  return processIds().filter(id => id > pid || (last < pid && id <= last))
}

/** Kills a process, or a group by its negative id. Returns false if there is none that this user may kill. */
function sendKill (target: number): boolean {
  try {
    return process.kill(target, 'SIGKILL')
  } catch (error) {
    // The process is gone, or is another user's (sudo).
    if (['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code!)) return false
    throw error
  }
}
