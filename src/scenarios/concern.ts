import { concerns } from './effects.js'
import { compileMatch, type Call } from './match.js'
import { startsOperation } from './operations.js'
import type { Match, Scenario } from './scenario.js'
import { matchOf } from './tally.js'

/** What of a call that names a scenario the scenario is about: the call itself, or polls of what it starts. */
export type Concern = 'call' | 'polls'

const POLL = 'Operations_Get'

/** Undefined for a call that the scenario is not about. Which of the calls it applies to is left out. */
export function concernOf (scenario: Scenario, call: Call): Concern | undefined {
  const match = matchOf(scenario)
  if (isAbout(scenario, call, match)) return 'call'
  if (call.operation === undefined || !startsOperation(call.operation)) return undefined
  // How a poll is sent is open; all else is known from what starts the operation.
  const { method, path, header, ...known } = match
  return isAbout(scenario, { ...call, operation: POLL }, known) ? 'polls' : undefined
}

function isAbout (scenario: Scenario, call: Call, match: Match): boolean {
  return scenario.do.some(effect => concerns(effect, call.operation)) && compileMatch(match)(call)
}
