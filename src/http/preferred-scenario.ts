import type { FastifyRequest } from 'fastify'
import type { Log } from '../core/log.js'
import { createWarnOnce } from '../core/warn-once.js'
import type { Call } from '../matching/match.js'
import { startsOperation } from '../matching/operation-kinds.js'
import { concernOf } from '../scenarios/concern.js'
import type { Effects } from '../scenarios/effects.js'
import type { Scenario } from '../scenarios/scenario.js'
import { preferenceText } from './preferences.js'

/** The scenario that a request names with `Prefer: scenario=NAME`. */
export interface PreferredScenario {
  readonly name: string
  /** Undefined if it applies neither to the request nor to polls of the operation that the request starts. */
  readonly appliesTo: 'request' | 'polls' | undefined
}

/** A response with one of these headers has an operation to poll. */
const POLLED = ['Azure-AsyncOperation', 'Location']

/** Finds what the named scenario applies to. `effects` are those on the call. */
type FindPreferred = (scenario: Scenario, call: Call, effects: Effects | undefined) => PreferredScenario

/** Returns a function that finds what a named scenario applies to. It warns if that is nothing. */
export function createPreferred (log: Pick<Log, 'warn'>): FindPreferred {
  const warnOnce = createWarnOnce(log)
  return (scenario, call, effects) => {
    const { name } = scenario
    if (effects?.scenarios.includes(name)) return { name, appliesTo: 'request' }
    const concern = concernOf(scenario, call)
    const { operation } = call
    if (concern === undefined && operation !== undefined && startsOperation(operation)) warn(scenario, operation)
    return { name, appliesTo: concern === 'polls' ? concern : undefined }
  }

  function warn ({ name, match }: Scenario, operation: string): void {
    const why = match === undefined ? 'its effects are about other operations' : `'match' of the scenario is ${JSON.stringify(match)}`
    warnOnce(`${name}\n${operation}`, () =>
      `Prefer: scenario=${name} has no effect on ${operation}: ${why}. Write a scenario of your own that matches it`)
  }
}

/** The value of Preference-Applied for the scenario that a request names. `headers` are those of the response. */
export function appliedScenario ({ preferredScenario }: Pick<FastifyRequest, 'preferredScenario'>,
  headers: readonly string[] = []): string | undefined {
  if (preferredScenario === undefined) return undefined
  const { name, appliesTo } = preferredScenario
  const isApplied = appliesTo === 'polls' ? POLLED.some(kind => headers.includes(kind)) : appliesTo === 'request'
  return isApplied ? preferenceText('scenario', name) : undefined
}
