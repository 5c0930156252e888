import { seededRandom } from '../../src/core/random.js'

/** Choices that are the same in each run. */
export interface Choices {
  /** A whole number from 0 to less than `end`. */
  below (end: number): number
  pick<Item> (items: readonly Item[]): Item
  chance (probability: number): boolean
}

/** The choices of a seed. */
export function choicesOf (seed: number): Choices {
  const { next } = seededRandom(seed)
  const below = (end: number) => Math.floor(next() * end)
  return { below, pick: items => items[below(items.length)]!, chance: probability => next() < probability }
}
