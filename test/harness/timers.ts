import type { Test } from 'tap'

export interface HeldTimers {
  /** Resolves once a timer is set. */
  readonly set: Promise<void>
  /** The number of timers that have fired. */
  readonly fired: number
  /** Fires all timers that are set and not cleared. */
  fire (): void
}

/** Holds timers of exactly `ms` milliseconds until the test fires them, so that the test need not wait. */
export function holdTimers (t: Test, ms: number): HeldTimers {
  const { setTimeout, clearTimeout } = globalThis
  const held = new Set<() => void>()
  let fired = 0
  let resolveSet: () => void
  const set = new Promise<void>(resolve => { resolveSet = resolve })
  t.intercept(globalThis, 'setTimeout', {
    value: (callback: () => void, delay?: number, ...args: []) => {
      if (delay !== ms) return setTimeout(callback, delay, ...args)
      held.add(callback)
      resolveSet()
      return callback
    }
  })
  t.intercept(globalThis, 'clearTimeout', {
    value: (timer: Parameters<typeof clearTimeout>[0]) => {
      if (!held.delete(timer as never)) clearTimeout(timer)
    }
  })
  return {
    set,
    get fired () { return fired },
    fire () {
      for (const callback of held) {
        fired++
        callback()
      }
      held.clear()
    }
  }
}
