import type { Log } from './log.js'

/** The most keys to remember. After that, nothing more is logged. */
const MOST = 100

/** Returns a function that logs the message for a key at its first call with that key. */
export function createWarnOnce (log: Pick<Log, 'warn'>): (key: string, message: () => string) => void {
  const warned = new Set<string>()
  return (key, message) => {
    if (warned.size >= MOST || warned.has(key)) return
    warned.add(key)
    log.warn(message())
  }
}
