import { systemClock } from '../core/clock.js'
import { callsOf } from './calls.js'
import type { ScenarioState } from './tally.js'
import type { UnknownScenario } from './unknown-scenario.js'

/** The calls of a scenario were not used up in the time that a test gave it. */
export class ScenarioNotDone extends Error {
  readonly state: ScenarioState
  /** Whether its calls have no end, so that there was nothing to wait for. */
  readonly isEndless: boolean

  constructor (state: ScenarioState, timeout?: number) {
    super(timeout === undefined
      ? `scenario '${state.name}' is never done: its 'calls' have no end`
      : `scenario '${state.name}' is not done after ${timeout} ms: 'calls' is '${state.calls}', matched so far: ${state.matched}`)
    this.state = state
    this.isEndless = timeout === undefined
  }
}

/** The active scenarios, as far as waiting needs them. */
interface Active {
  find (name: string, subscriptionId?: string): ScenarioState | undefined
  unknown (name: string, subscriptionId?: string): UnknownScenario
  onChange (listener: () => void): () => void
}

export interface WaitOptions {
  /** Milliseconds of the system's clock: a virtual one stands still while a test waits. Default: 10 000. */
  readonly timeout?: number
  /** The only one that the scenario matches. Default: it may match several. */
  readonly subscriptionId?: string | undefined
  /** Ends the waiting; the promise then rejects with its reason. */
  readonly signal?: AbortSignal
}

/**
 * Resolves once the calls of a scenario are used up. Rejects with `ScenarioNotDone` after `timeout`, and at once for a
 * scenario whose `calls` have no end; with `UnknownScenario` if it is not active, or no longer.
 */
export async function waitUntilDone (scenarios: Active, name: string,
  { timeout = 10_000, subscriptionId, signal }: WaitOptions = {}): Promise<ScenarioState> {
  const now = () => {
    const state = scenarios.find(name, subscriptionId)
    if (state === undefined) throw scenarios.unknown(name, subscriptionId)
    return state
  }
  const started = now()
  if (callsOf(started.calls).last === Infinity) throw new ScenarioNotDone(started)
  if (started.done) return started
  const ending = new AbortController()
  const ended = new Promise<false>(resolve => {
    const stop = scenarios.onChange(() => { if (scenarios.find(name, subscriptionId)?.done !== false) resolve(false) })
    ending.signal.addEventListener('abort', stop, { once: true })
  })
  try {
    const waiting = AbortSignal.any([ending.signal, ...signal === undefined ? [] : [signal]])
    const isLate = await Promise.race([ended, systemClock.sleep(timeout, waiting).then(() => true)])
    const state = now()
    if (isLate && !state.done) throw new ScenarioNotDone(state, timeout)
    return state
  } finally {
    ending.abort()
  }
}
