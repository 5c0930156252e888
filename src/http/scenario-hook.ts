import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Log } from '../core/log.js'
import { isPromise, type MaybePromise } from '../core/maybe-promise.js'
import { OWN_USER_AGENT } from '../core/own-user-agent.js'
import { instanceName } from '../core/resource-id.js'
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
    /** The operation that this request polls; undefined without scenarios. */
    polled?: Polled
  }
}

/** An operation, with what is known of the request that started it. */
export type Polled = Pick<Call, 'operationId' | 'resourceGroup' | 'vmName' | 'commandId' | 'script' | 'parameters'>

export interface ScenarioHookOptions {
  readonly scenarios: Scenarios
  readonly log: Pick<Log, 'warn'>
  /** Finds the operation that a request polls. Default: no request does. */
  polledBy? (request: FastifyRequest): MaybePromise<Polled | undefined>
}

type Params = Readonly<Partial<Record<
  'subscriptionId' | 'resourceGroupName' | 'vmName' | 'vmScaleSetName' | 'instanceId', string>>>

/**
 * Finds the effects of scenarios on each request of a surface, after its body was validated. Throws `UnknownScenario`
 * if a request names a scenario that does not exist.
 */
export function addScenarios (app: FastifyInstance, options: ScenarioHookOptions): void {
  const { scenarios, log, polledBy = () => undefined } = options
  const preferred = createPreferred(log)
  app.decorateRequest('effects', undefined)
  app.decorateRequest('preferredScenario', undefined)
  app.decorateRequest('polled', undefined)
  app.addHook('preHandler', (request, _reply, done) => {
    const { prefer } = request.headers
    if (scenarios.isEmpty && prefer === undefined) { done(); return }
    // A scenario about logins is for those of the program, not for the one by which `exec` and `env` prepare them.
    if (request.headers['user-agent'] === OWN_USER_AGENT) { done(); return }
    const asked = prefer === undefined ? undefined : preferencesIn(prefer).get('scenario')
    if (scenarios.isEmpty && asked === undefined) { done(); return }
    const polled = polledBy(request)
    if (isPromise(polled)) { polled.then(found => apply(request, asked, found)).then(() => done(), done); return }
    apply(request, asked, polled)
    done()
  })

  function apply (request: FastifyRequest, asked: string | undefined, polled: Polled | undefined): void {
    request.polled = polled
    const call = callOf(request, polled)
    const named = asked === undefined
      ? scenarios.namedByStart(polled?.operationId)
      : scenarios.preferred(asked, call.subscriptionId)
    const effects = scenarios.effectsOf(call, named)
    request.effects = effects
    if (named !== undefined && asked !== undefined) request.preferredScenario = preferred(named, call, effects)
  }
}

function callOf (request: FastifyRequest, polled: Polled | undefined): Call {
  const { method, url, headers, params, body } = request
  const operation = request.operation?.operationId
  const { subscriptionId, resourceGroupName: resourceGroup } = params as Params
  const vmName = machineNameOf(params as Params)
  const sent = { operation, subscriptionId, resourceGroup, vmName, method, path: url.split('?')[0]!, headers }
  return { ...sent, ...polled ?? commandIn(body) }
}

/** The machine's name in the form of `machineName`. */
function machineNameOf ({ vmName, vmScaleSetName, instanceId }: Params): string | undefined {
  return instanceId === undefined ? vmName : instanceName(vmScaleSetName!, instanceId)
}
