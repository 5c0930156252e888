import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { cloudOf } from '../core/clouds.js'
import { then } from '../core/maybe-promise.js'
import type { ApiContract } from '../http/openapi.js'
import { serveOperations } from '../http/operations.js'
import { hostNameOf } from '../http/origin.js'
import { recordSent } from '../http/recorder.js'
import { respond } from '../http/respond.js'
import { addScenarios, type ScenarioHookOptions } from '../http/scenario-hook.js'
import { createAuthorization, type AuthorizationOptions } from './authorization.js'
import { servedOperations } from './contract/served-operations.js'
import { addEffects, type EffectOptions } from './effects/hook.js'
import { createPolledBy, type PolledOptions } from './effects/polled.js'
import { handleError, type Failure } from './error-handler.js'
import { ArmError } from './errors/arm-error.js'
import { createGate, type GateSettings } from './gate.js'
import type { AnyHandler, Services } from './handlers/handler-types.js'
import { createHandlers } from './handlers/index.js'
import { createLocationCheck } from './location-check.js'
import { checkQueryValues, joinRepeated } from './parameters/query-values.js'
import { acceptJson, requireBody } from './request-body.js'
import { mediaTypeFor } from './responses/accept.js'
import type { ResponseHeaders } from './responses/headers.js'
import { httpResponse } from './responses/http-response.js'
import { refuseLenientQuery } from './strict.js'

type ArmServices = Services & Omit<ScenarioHookOptions, 'polledBy'> & PolledOptions & Pick<EffectOptions, 'waitingRequests' | 'log'> &
  Pick<AuthorizationOptions, 'tokens' | 'roleAssignments'> & { readonly settings: GateSettings }

export interface ArmOptions {
  readonly contract: ApiContract
  readonly services: ArmServices
  readonly headers: ResponseHeaders
  /** Responds to a request without a route if it is for another surface, and returns whether it is. */
  refuseForAnother (request: FastifyRequest, reply: FastifyReply): boolean
}

/** The surface of Azure Resource Manager and the services behind it: the operations of openapi/arm.json. */
export async function arm (app: FastifyInstance, options: ArmOptions): Promise<void> {
  const { contract, services, headers, refuseForAnother } = options
  const errorOptions = { headers, log: services.log }
  const gate = createGate(services)
  const authorize = createAuthorization({ ...services, auth: services.settings.auth })
  const handlers: Readonly<Record<string, AnyHandler>> = createHandlers(services)

  app.decorateRequest('apiVersion', '')
  app.decorateRequest('responseForm', 'current')
  app.decorateRequest('resourceId', undefined)
  app.decorateRequest('named', undefined)
  app.decorateRequest('onResponding', undefined)
  app.decorateRequest('vm')
  app.decorateRequest('scaleSet')
  // Only for responses of other surfaces: `respond` bypasses this hook.
  app.addHook('onSend', (request, reply, payload: string | undefined, done) => {
    recordSent(request, reply, payload)
    done()
  })
  const checkRoute = (request: FastifyRequest) => {
    // Before Fastify reads a body, since it requires a media type even for an unknown method.
    if (request.is404) throw routeError(request)
    gate.checkResource(request)
    const { queryParameters } = request.operation!
    checkQueryValues(request, queryParameters!)
    if (services.settings.strict) refuseLenientQuery(request, queryParameters!)
    joinRepeated(request, queryParameters!)
  }
  app.addHook('onRequest', (request, reply, done) => {
    if (request.is404 && refuseForAnother(request, reply)) return
    if (request.is404 && isForAnother(request)) throw routeError(request)
    gate.checkCaller(request)
    if (hasEmptyName(request)) throw routeError(request)
    const checking = authorize(request)
    if (checking !== undefined) {
      checking.then(() => checkRoute(request)).then(() => done(), done)
      return
    }
    checkRoute(request)
    done()
  })
  acceptJson(app, services.settings)
  app.addHook('preValidation', (request, _reply, done) => {
    // A body takes time to arrive, and the resource may have been deleted meanwhile. Fastify reads no body of a GET.
    if (request.method !== 'GET') gate.checkResource(request)
    done()
  })
  app.addHook('preValidation', requireBody)
  app.addHook('preValidation', createLocationCheck(services))
  addScenarios(app, { ...services, polledBy: createPolledBy(services) })
  addEffects(app, { ...services, headers, checkResource: gate.checkResource })
  serveOperations(app, 'arm', servedOperations(contract), (request, reply) => {
    const { operationId, hasTextJson } = request.operation!
    return then(handlers[operationId]!(request), response => {
      const mediaType = hasTextJson ? mediaTypeFor(request.headers.accept) : 'application/json'
      respond(request, reply, httpResponse(request, response, { headers, mediaType }))
    })
  })
  app.setErrorHandler((failure: Failure, request, reply) => handleError(failure, request, reply, errorOptions))
  app.setNotFoundHandler((request, reply) => handleError(routeError(request), request, reply, errorOptions))
}

/** Login and Graph have no api-version, so the error for their hosts must not be a missing one. */
function isForAnother (request: FastifyRequest): boolean {
  const host = hostNameOf(request)
  return (cloudOf(host)?.resourceManager ?? host) !== host
}

/** Whether two slashes gave a parameter an empty name, which no resource has. */
function hasEmptyName ({ url, params }: FastifyRequest): boolean {
  return url.includes('//') && Object.values(params as Record<string, string>).includes('')
}

function routeError ({ server, url, method }: FastifyRequest): ArmError {
  const operations = server.operations.at(url)
  const path = url.split('?')[0]!
  if (operations.size === 0) return new ArmError('RouteNotFound', { path })
  const isNotServed = [...operations.values()].some(({ operation }) => operation.notServed?.includes(method))
  const allow = ['Allow', [...operations.keys()].join(', ')]
  return isNotServed ? new ArmError('MethodNotServed', { method, path }, allow) : new ArmError('MethodNotAllowed', { method }, allow)
}
