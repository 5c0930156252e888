import type { Scope } from './scope.js'

/** Requests that wait before they are handled, each by its path: a reset ends those in its scope. */
export class WaitingRequests {
  readonly #waiting = new Map<AbortController, string>()

  /** Calls `wait` with a signal that aborts where a reset ends the request, and resolves as it does. */
  async during<Value> (path: string, wait: (reset: AbortSignal) => Promise<Value>): Promise<Value> {
    const reset = new AbortController()
    this.#waiting.set(reset, path)
    try {
      return await wait(reset.signal)
    } finally {
      this.#waiting.delete(reset)
    }
  }

  end (scope: Scope): void {
    for (const [reset, path] of this.#waiting) if (scope.containsPath(path)) reset.abort()
  }
}
