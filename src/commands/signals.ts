import { statOf } from '../processes/proc.js'

interface Child {
  kill (signal: NodeJS.Signals): unknown
  /** Whether its process group is not azrun's, so that a terminal's keys do not signal it. Default: false. */
  readonly hasOwnGroup?: boolean
}

/** The signals that azrun receives while its command runs. */
export interface Signals {
  /** The first signal received. */
  readonly received: NodeJS.Signals | undefined
  /** Passes later signals to the child. */
  passTo (child: Child): void
  /** Restores Node's default handling. */
  release (): void
}

/** Signals that a terminal sends to every foreground process, and so to the child. */
const FROM_KEYBOARD: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT']

/** Signals that end a program, unless it catches them: nodemon sends SIGUSR2, a terminal that closes SIGHUP. */
const ENDING: readonly NodeJS.Signals[] = [...FROM_KEYBOARD, 'SIGTERM', 'SIGHUP', 'SIGUSR2']

/** Milliseconds within which a second signal counts as the first: npx forwards the Ctrl-C of the terminal. */
const SAME_SIGNAL = 1000

/** Calls `stop` for the first signal. One that comes later than a second after it ends the process at once. */
export function onSignal (stop: () => void): void {
  let first: number | undefined
  const receive = (signal: NodeJS.Signals) => {
    if (first === undefined) {
      first = performance.now()
      stop()
    } else if (performance.now() - first > SAME_SIGNAL) {
      for (const signal of ENDING) process.removeListener(signal, receive)
      process.kill(process.pid, signal)
    }
  }
  for (const signal of ENDING) process.on(signal, receive)
}

/** Passes signals to the command instead of letting them end azrun first. */
export function catchSignals (): Signals {
  let child: Child | undefined
  let received: NodeJS.Signals | undefined
  const pass = (signal: NodeJS.Signals) => {
    received ??= signal
    if (child?.hasOwnGroup || !(FROM_KEYBOARD.includes(signal) && isInForeground())) child?.kill(signal)
  }
  for (const signal of ENDING) process.on(signal, pass)
  return {
    get received () { return received },
    passTo (to) { child = to },
    release () { for (const signal of ENDING) process.removeListener(signal, pass) }
  }
}

/** Whether a terminal's keys signal this process, and so the child, which is in the same process group. */
function isInForeground (): boolean {
  const stat = statOf(process.pid)
  return stat === undefined ? process.stdin.isTTY || process.stderr.isTTY : stat.group === stat.foreground
}
