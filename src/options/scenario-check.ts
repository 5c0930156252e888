import { errors as armErrors } from '../arm/errors/table.js'
import { errors as entraErrors } from '../entra/errors/table.js'
import type { Known } from '../scenarios/check-effects.js'
import * as check from '../scenarios/check.js'
import type { Mistake } from '../validation/mistakes.js'
import type { Path } from '../validation/paths.js'

export { operationMistakes } from '../scenarios/check-operation.js'

const known: Known = { errorEntries: [...new Set([...Object.keys(armErrors), ...Object.keys(entraErrors)])] }

/** What is wrong with a scenario. `at` is its place in the user's input. */
export function scenarioMistakes (value: unknown, at?: Path): Mistake[] {
  return check.scenarioMistakes(value, known, at)
}

/** What is wrong with a list of scenarios. `at` is its place in the user's input. */
export function scenarioListMistakes (values: readonly unknown[], at?: Path): Mistake[] {
  return check.scenarioListMistakes(values, known, at)
}

/** What is wrong with the content of a scenario file. */
export function scenarioFileMistakes (content: unknown): Mistake[] {
  return check.scenarioFileMistakes(content, known)
}
