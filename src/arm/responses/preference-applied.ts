import type { FastifyRequest } from 'fastify'
import { appliedScenario } from '../../http/preferred-scenario.js'

/** The value of Preference-Applied in a response with these headers: `applied`, and the scenario if it applies. */
export function preferenceApplied (request: Pick<FastifyRequest, 'preferredScenario'>, headers?: readonly string[],
  applied?: string): string | undefined {
  const scenario = appliedScenario(request, headers)
  return applied === undefined || scenario === undefined ? applied ?? scenario : `${applied}, ${scenario}`
}
