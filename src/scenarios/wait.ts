import { systemClock } from '../time/clock.js'
import { callsOf } from './calls.js'
import type { ScenarioState } from './tally.js'
import type { UnknownScenario } from './unknown-scenario.js'

/** A scenario was not done in time, or can never be done. */
export class ScenarioNotDone extends Error {
  override readonly name = 'ScenarioNotDone'
  readonly state: ScenarioState
  /** Whether it can never be done, because its calls have no end. */
  readonly isEndless: boolean

  /** `end` is when the wait has ended, such as `after 100 ms`; undefined if its calls have no end. */
  constructor (state: ScenarioState, end?: string) {
    super(end === undefined
      ? `scenario '${state.name}' is never done: its 'calls' have no end`
      : `scenario '${state.name}' is not done ${end}: 'calls' is '${state.calls}', matched so far: ${state.matched}`)
    this.state = state
    this.isEndless = end === undefined
  }
}

/** The members of `Scenarios` that waiting needs. */
interface Active {
  readonly closed: AbortSignal
  find (name: string, subscriptionId?: string): ScenarioState | undefined
  unknown (name: string, subscriptionId?: string): UnknownScenario
  onMatch (listener: () => void): () => void
  onEdit (listener: () => void): () => void
}

export interface ScenarioWaitOptions {
  /** In milliseconds of real time, since a virtual clock stands still while a test waits. Default: 10 000. */
  readonly timeout?: number
  /** The only subscription that the scenario matches. Default: it may match several. */
  readonly subscriptionId?: string | undefined
  /** Ends the wait. The promise then rejects with its reason. */
  readonly signal?: AbortSignal
}

/**
 * Resolves once a scenario is done. Rejects with `ScenarioNotDone` after `timeout`, when azrun is closed, or at once if
 * its `calls` have no end. Rejects with `UnknownScenario` if it is not active or is removed.
 */
export async function waitUntilDone (scenarios: Active, name: string,
  { timeout = 10_000, subscriptionId, signal }: ScenarioWaitOptions = {}): Promise<ScenarioState> {
  const now = () => {
    const state = scenarios.find(name, subscriptionId)
    if (state === undefined) throw scenarios.unknown(name, subscriptionId)
    return state
  }
  const started = now()
  if (callsOf(started.calls).last === Infinity) throw new ScenarioNotDone(started)
  if (started.done) return started
  const ending = new AbortController()
  const ended = new Promise<void>(resolve => {
    const check = () => { if (scenarios.find(name, subscriptionId)?.done !== false) resolve() }
    for (const stop of [scenarios.onMatch(check), scenarios.onEdit(check)]) {
      ending.signal.addEventListener('abort', stop, { once: true })
    }
  })
  try {
    const { closed } = scenarios
    const waiting = AbortSignal.any([ending.signal, closed, ...signal === undefined ? [] : [signal]])
    const late = systemClock.sleep(timeout, waiting).catch(error => { if (!closed.aborted) throw error })
    await Promise.race([ended, late])
    const state = now()
    if (!state.done) throw new ScenarioNotDone(state, closed.aborted ? 'and azrun was closed' : `after ${timeout} ms`)
    return state
  } finally {
    ending.abort()
  }
}
