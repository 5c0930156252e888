import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'

export interface Signals {
  /** The first that came. */
  readonly received: NodeJS.Signals | undefined
  /** Hands on to the child what comes from now on. */
  passTo (child: ChildProcess): void
  /** Leaves signals to node again. */
  release (): void
}

/** Those that a terminal sends to every process in its foreground, the child among them. */
const FROM_KEYBOARD: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT']

const PASSED: readonly NodeJS.Signals[] = [...FROM_KEYBOARD, 'SIGTERM', 'SIGHUP']

/** Keeps signals from ending azrun before the command that it runs. */
export function catchSignals (): Signals {
  let child: ChildProcess | undefined
  let received: NodeJS.Signals | undefined
  const pass = (signal: NodeJS.Signals) => {
    received ??= signal
    if (!(FROM_KEYBOARD.includes(signal) && isInForeground())) child?.kill(signal)
  }
  for (const signal of PASSED) process.on(signal, pass)
  return {
    get received () { return received },
    passTo (to) { child = to },
    release () { for (const signal of PASSED) process.removeListener(signal, pass) }
  }
}

/** Whether a terminal's keys signal this process, and with it the child, which is in the same process group. */
function isInForeground (): boolean {
  try {
    // proc(5): the name may hold anything; after it the fields are state, ppid, pgrp, session, tty_nr, tpgid.
    const [, , group, , , foreground] = readFileSync('/proc/self/stat', 'utf8').replace(/^.*\) /s, '').split(' ')
    return group === foreground
  } catch {
    return process.stdin.isTTY || process.stderr.isTTY
  }
}
