import type { Observation } from './observation.js'
import type { RunStory } from './run-story.js'

export interface Rule {
  /** Such as `R1`. */
  readonly id: string
  /** What a good client does. */
  readonly sentence: string
  /** The URL of the page that says so. */
  readonly source: string
  /** What published clients, or their design guides, do otherwise. */
  readonly noted?: string
  /** Empty where the run gives no evidence. */
  observe (story: RunStory): Observation[]
}
