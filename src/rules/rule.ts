import type { Observation } from './observation.js'
import type { RunStory } from './run-story.js'

/** A rule for clients, and how to judge it from a run. */
export interface Rule {
  /** Such as `R1`. */
  readonly id: string
  /** The rule: what a good client does. */
  readonly sentence: string
  /** The URL of the page with the rule. */
  readonly source: string
  /** What published clients, or their design guides, do differently. */
  readonly noted?: string
  /** Empty if the run gives no evidence. */
  observe (story: RunStory): Observation[]
}
