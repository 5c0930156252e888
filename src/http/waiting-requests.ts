import type { Scope } from '../core/scope.js'

/** Requests that wait before they are handled, with their paths. A reset refuses those in its scope. */
export class WaitingRequests {
  readonly #waiting = new Map<AbortController, string>()

  /** Calls `wait` with a signal that aborts when a reset refuses the request. Resolves or rejects as `wait` does. */
  async during<Value> (path: string, wait: (reset: AbortSignal) => Promise<Value>): Promise<Value> {
    const reset = new AbortController()
    this.#waiting.set(reset, path)
    try {
      return await wait(reset.signal)
    } finally {
      this.#waiting.delete(reset)
    }
  }

  /** Aborts the signals of the requests in a scope. */
  refuse (scope: Scope): void {
    for (const [reset, path] of this.#waiting) if (scope.containsPath(path)) reset.abort()
  }
}
