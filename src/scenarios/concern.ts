import { compileMatch, type Call, type Match } from '../matching/match.js'
import { pollOf, startsOperation } from '../matching/operation-kinds.js'
import { concerns } from './effects.js'
import type { Scenario } from './scenario.js'
import { matchOf } from './tally.js'

/** What a scenario applies to: the call that names it, or the polls of the operation that the call starts. */
export type Concern = 'call' | 'polls'

/** What a scenario applies to, whatever its `calls` are; undefined if it is neither. */
export function concernOf (scenario: Scenario, call: Call): Concern | undefined {
  const match = matchOf(scenario)
  if (isAbout(scenario, call, match)) return 'call'
  if (!startsOperation(call.operation)) return undefined
  // Method, path and headers of the polls are not known yet. All else comes from the call that starts the operation.
  const { method, path, header, ...known } = match
  return isAbout(scenario, { ...call, operation: pollOf(call.operation) }, known) ? 'polls' : undefined
}

function isAbout (scenario: Scenario, call: Call, match: Match): boolean {
  return scenario.do.some(effect => concerns(effect, call.operation)) && compileMatch(match)(call)
}
