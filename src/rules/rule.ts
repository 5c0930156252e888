import type { Observation } from './observation.js'
import type { RunStory } from './run-story.js'

export interface Rule {
  /** Such as `R1`. */
  readonly id: string
  /** The rule: what a good client does. */
  readonly sentence: string
  /** The URL of its source. */
  readonly source: string
  /** How published clients or their guidelines differ. */
  readonly noted?: string
  /** Empty if the run has no evidence. */
  observe (story: RunStory): Observation[]
}
