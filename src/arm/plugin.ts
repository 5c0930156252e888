import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { cloudOf } from '../core/clouds.js'
import { then } from '../core/maybe-promise.js'
import { addScenarios, type ScenarioHookOptions } from '../http/scenario-hook.js'
import { mediaTypesOf, methodsOf, registerOperations, type ApiContract, type CheckedRoute, type OpenApiDocument, type OpenApiOperation } from '../http/openapi.js'
import { hostNameOf } from '../http/origin.js'
import { recordSent } from '../http/recorder.js'
import { respond } from '../http/respond.js'
import { mediaTypeFor } from './accept.js'
import type { ApiVersionPolicy } from './api-versions.js'
import type { AuthMode } from './authentication.js'
import { createAuthorization, type AuthorizationOptions } from './authorization.js'
import { bodyTypeOf } from './body-type.js'
import { handleError, type ErrorHandlerOptions, type Failure } from './error-handler.js'
import { ArmError } from './errors.js'
import { createGate } from './gate.js'
import type { AnyHandler, Services } from './handlers/handler-types.js'
import { createHandlers } from './handlers/index.js'
import { queryParametersOf, type QueryParameter } from './query-parameters.js'
import { checkQueryValues } from './query-values.js'
import { acceptJson, requireBody, type BodyContract, type BodyReader } from './request-body.js'
import type { ApiVersionScope } from './response-form.js'
import { httpResponse } from './response.js'
import { addEffects } from './scenario-effects.js'
import { refuseLenientQuery } from './strict.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a principal needs the right to do. */
    action?: string
    /** The type of the resource that the path names, such as `Microsoft.Compute/virtualMachines`. */
    resourceType?: string
    /** Whether the path ends in the name of a view of the resource, which is no resource itself. */
    isView?: boolean
    /** Whether `*` in place of the id of an instance stands for all of them. */
    takesAllInstances?: boolean
    apiVersions?: ApiVersionScope
    queryParameters?: readonly QueryParameter[]
    /** Undefined if the operation has no body. */
    bodyContract?: BodyContract
  }
}

export interface ArmOptions extends ErrorHandlerOptions {
  readonly contract: ApiContract
  readonly services: Omit<Services, 'log'> & Pick<AuthorizationOptions, 'tokens' | 'roleAssignments'> & ScenarioHookOptions
  readonly apiVersions: ApiVersionPolicy
  readonly auth: AuthMode
  /** Responds to a request without a route that is for another surface, and returns whether it was. */
  refuseForAnother (request: FastifyRequest, reply: FastifyReply): boolean
}

/** Azure Resource Manager and Microsoft.Compute, as far as openapi/arm.json describes them. */
export async function arm (app: FastifyInstance, options: ArmOptions): Promise<void> {
  const { contract, services, headers, log, apiVersions, auth, refuseForAnother } = options
  const { document } = contract
  const gate = createGate({ ...services, apiVersions, auth })
  const authorize = createAuthorization({ ...services, auth })
  const handlers: Readonly<Record<string, AnyHandler>> = createHandlers({ ...services, log })

  app.decorateRequest('apiVersion', '')
  app.decorateRequest('responseForm', 'current')
  app.decorateRequest('leniencies', undefined)
  app.decorateRequest('resourceId', undefined)
  app.decorateRequest('named', undefined)
  app.decorateRequest('onResponding', undefined)
  app.decorateRequest('vm')
  app.decorateRequest('scaleSet')
  // Only for what another surface responds: `respond` goes around it.
  app.addHook('onSend', (request, reply, payload: string | undefined, done) => {
    recordSent(request, reply, payload)
    done()
  })
  app.addHook('onRequest', (request, reply, done) => {
    if (request.is404 && refuseForAnother(request, reply)) return
    if (request.is404 && isForAnother(request)) throw routeError(document, request)
    gate.checkCaller(request)
    if (hasEmptyName(request)) throw routeError(document, request)
    done()
  })
  app.addHook('onRequest', (request, _reply, done) => {
    const checking = authorize(request)
    if (checking === undefined) done()
    else checking.then(() => done(), done)
  })
  app.addHook('onRequest', (request, _reply, done) => {
    // Before Fastify reads a body: it requires a media type even of a method that no path has.
    if (request.is404) throw routeError(document, request)
    gate.checkResource(request)
    if (services.settings.strict) refuseLenientQuery(request, request.routeOptions.config.queryParameters!)
    checkQueryValues(request, request.routeOptions.config.queryParameters!)
    done()
  })
  acceptJson(app, services.settings)
  addScenarios(app, services)
  addEffects(app, { ...services, headers, log })
  registerOperations(app, contract, route => {
    const handle = handlers[route.operation.operationId]!
    const hasTextJson = mediaTypesOf(route.operation).includes('text/json')
    const config = configOf(document, route)
    return {
      config,
      ...route.operation.requestBody?.required === true && { preValidation: requireBody },
      handler: (request, reply) => then(handle(request), response => {
        const mediaType = hasTextJson ? mediaTypeFor(request.headers.accept) : 'application/json'
        respond(request, reply, httpResponse(request, response, { headers, mediaType }))
      })
    }
  })
  app.setErrorHandler((failure: Failure, request, reply) => handleError(failure, request, reply, options))
  app.setNotFoundHandler((request, reply) => handleError(routeError(document, request), request, reply, options))
}

/** What hooks and handlers read of the route of a request. */
function configOf (document: OpenApiDocument, { path, method, operation, checks }: CheckedRoute) {
  const action = operation['x-azrun-action'] as string | undefined
  return {
    action,
    resourceType: action?.replace(/(?:\/instanceView)?\/(?:[^/]+\/action|[^/]+)$/, ''),
    isView: path.endsWith('/instanceView'),
    takesAllInstances: operation['x-azrun-all-instances'] === true,
    apiVersions: operation['x-azrun-plane'] as ApiVersionScope,
    queryParameters: queryParametersOf(document, operation),
    bodyContract: checks.body && {
      isOrdinary: checks.body,
      type: bodyTypeOf(document, operation),
      readBy: readerOf(operation, method),
      hasSecrets: !operation.operationId.endsWith('_RunCommand')
    }
  }
}

function readerOf (operation: OpenApiOperation, method: string): BodyReader {
  if (operation['x-azrun-plane'] === 'gateway') return 'gateway'
  return method === 'PUT' || method === 'PATCH' ? 'both' : 'service'
}

/** Login and Graph have no api-version, so a request to their hosts must not be told that it lacks one. */
function isForAnother (request: FastifyRequest): boolean {
  const host = hostNameOf(request)
  return (cloudOf(host)?.resourceManager ?? host) !== host
}

/** The router reads two slashes as an empty name between them, and no resource has an empty name. */
function hasEmptyName ({ url, params }: FastifyRequest): boolean {
  return url.includes('//') && Object.values(params as Record<string, string>).includes('')
}

function routeError (document: OpenApiDocument, { url, method }: FastifyRequest): ArmError {
  const [path] = url.split('?') as [string]
  const methods = methodsOf(document, path)
  if (methods.length === 0) return new ArmError('RouteNotFound', { path })
  return new ArmError('MethodNotAllowed', { method }, ['Allow', methods.join(', ')])
}
