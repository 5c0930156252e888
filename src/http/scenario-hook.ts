import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Log } from '../core/log.js'
import type { Journal } from '../journal/journal.js'
import { commandIn } from '../matching/command.js'
import type { Call } from '../matching/match.js'
import type { Effects } from '../scenarios/effects.js'
import type { Scenarios } from '../scenarios/scenarios.js'
import { preferencesIn } from './preferences.js'
import { createPreferred, type PreferredScenario } from './preferred-scenario.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** The effects of scenarios on this request; undefined if none applies. */
    effects?: Effects
    /** The scenario that this request names with `Prefer: scenario=NAME`. */
    preferredScenario?: PreferredScenario
  }
}

export interface ScenarioHookOptions {
  readonly scenarios: Scenarios
  readonly journal: Journal
  readonly log: Pick<Log, 'warn'>
}

type Params = Readonly<Partial<Record<
  'subscriptionId' | 'resourceGroupName' | 'vmName' | 'vmScaleSetName' | 'instanceId' | 'operationId', string>>>

/**
 * Finds the effects of scenarios on each request of a surface, after its body was validated. Throws `UnknownScenario`
 * if a request names a scenario that does not exist.
 */
export function addScenarios (app: FastifyInstance, { scenarios, journal, log }: ScenarioHookOptions): void {
  const preferred = createPreferred(log)
  app.decorateRequest('effects', undefined)
  app.decorateRequest('preferredScenario', undefined)
  app.addHook('preHandler', (request, _reply, done) => {
    const { prefer } = request.headers
    if (scenarios.isEmpty && prefer === undefined) { done(); return }
    const asked = prefer === undefined ? undefined : preferencesIn(prefer).get('scenario')
    const { operationId } = request.params as Params
    const name = asked ?? (operationId === undefined ? undefined : scenarios.nameFor(operationId))
    if (scenarios.isEmpty && name === undefined) { done(); return }
    const call = callOf(request, journal)
    const named = name === undefined ? undefined : scenarios.preferred(name, call.subscriptionId)
    const effects = scenarios.effectsOf(call, named)
    request.effects = effects
    if (named !== undefined && asked !== undefined) request.preferredScenario = preferred(named, call, effects)
    done()
  })
}

function callOf (request: FastifyRequest, journal: Journal): Call {
  const { method, url, headers, params, body } = request
  const operation = request.operation?.operationId
  const { subscriptionId, resourceGroupName: resourceGroup, operationId } = params as Params
  const vmName = machineNameOf(params as Params)
  const sent = { operation, subscriptionId, resourceGroup, vmName, method, path: url.split('?')[0]!, headers }
  if (operationId !== undefined) return { ...sent, operationId, ...journal.startOf(operationId) }
  return { ...sent, ...commandIn(body) }
}

/** The machine's name in the form of `machineName`. */
function machineNameOf ({ vmName, vmScaleSetName, instanceId }: Params): string | undefined {
  return instanceId === undefined ? vmName : `${vmScaleSetName}_${instanceId}`
}
