import type { Call } from '../matching/match.js'
import type { EffectKind } from './scenario.js'

/** A call that a scenario has matched. */
export interface ScenarioMatch {
  readonly scenario: string
  readonly matched: number
  readonly done: boolean
  /** The kinds of effects that apply to the call; empty if `calls` or `chance` excludes it. */
  readonly effects: readonly EffectKind[]
  readonly call: Call
}

/** A change of the active scenarios. */
export interface ScenariosEdit {
  /** `replaced`: any scenario, or any of the subscription, may have changed. */
  readonly change: 'put' | 'deleted' | 'replaced'
  /** The name of the scenario; absent if several have changed. */
  readonly name?: string
  /** The only subscription that the scenario matches or that has changed, in lower case. */
  readonly subscriptionId?: string
}

/** The listeners for one kind of news about scenarios. */
export class Listeners<News extends ScenarioMatch | ScenariosEdit> {
  readonly #listeners = new Set<(news: News) => void>()

  /** Without listeners, news need not be written. */
  get isEmpty (): boolean {
    return this.#listeners.size === 0
  }

  /** Adds a listener. Returns a function that removes it. */
  add (listener: (news: News) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  tell (news: News): void {
    for (const listener of this.#listeners) listener(news)
  }
}
