import { mistakesOf, type Mistake } from '../validation/mistakes.js'
import { errorsOf } from '../validation/validator.js'
import { fixture } from './validators.js'

/** What is wrong with the content of a fixture file. */
export function fixtureMistakes (content: unknown): Mistake[] {
  return mistakesOf(errorsOf(fixture, content), content)
}
