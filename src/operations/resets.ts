import type { Scope } from '../core/scope.js'
import type { RecordKey } from '../core/store.js'

interface Reset {
  readonly scope: Scope
  /** Resolves when the reset is over, even if it fails. */
  readonly over: Promise<void>
}

/** The resets in progress. Each waits for the earlier ones that overlap it. */
export class Resets {
  readonly #inProgress = new Set<Reset>()

  /** Resolves when the reset of this resource is over; undefined if none is in progress. */
  overFor (resource: RecordKey): Promise<void> | undefined {
    if (this.#inProgress.size === 0) return undefined
    return [...this.#inProgress].find(({ scope }) => scope.contains(resource))?.over
  }

  /** Does the work of a reset as soon as the earlier ones are over. Settles as the work does. */
  async do (scope: Scope, work: () => Promise<void>): Promise<void> {
    const earlier = [...this.#inProgress].filter(reset => reset.scope.overlaps(scope))
    const resetting = Promise.all(earlier.map(({ over }) => over)).then(work)
    const over = resetting.catch(() => {}).then(() => { this.#inProgress.delete(reset) })
    const reset = { scope, over }
    this.#inProgress.add(reset)
    await resetting
  }
}
