import type { FastifyInstance, FastifyRequest } from 'fastify'
import { cloudOf } from '../core/clouds.js'
import { methodsOf, registerOperations, type Contract, type OpenApiDocument, type OpenApiRoute } from '../openapi.js'
import { sendAnswer } from './answer.js'
import type { ApiVersionPolicy, ApiVersionScope } from './api-versions.js'
import { createAuthorization, type AuthMode, type AuthorizationOptions } from './authorization.js'
import { malformedBody } from './body.js'
import { ArmError } from './errors.js'
import { answerFailure, type Failure, type FailureOptions } from './failure.js'
import { apiVersionOf, createGate } from './gate.js'
import type { AnyHandler, Services } from './contract.js'
import { createHandlers } from './handlers.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** The caller's api-version; empty where there is none. */
    apiVersion: string
    /** The body as it came. */
    bodyText: string
  }
  interface FastifyContextConfig {
    apiVersions?: ApiVersionScope
    /** What a principal needs the right to do. */
    action?: string | undefined
  }
}

export interface ArmOptions extends FailureOptions {
  readonly contract: Contract
  readonly services: Services
  readonly apiVersions: ApiVersionPolicy
  readonly auth: AuthMode
  /** Who callers are, and what they may do. */
  readonly identity: Pick<AuthorizationOptions, 'tokens' | 'roleAssignments' | 'clock'>
}

/** Azure Resource Manager and Microsoft.Compute, as far as openapi/arm.json describes them. */
export async function arm (app: FastifyInstance, options: ArmOptions): Promise<void> {
  const { contract, services, headers, apiVersions, auth, identity } = options
  const { document } = contract
  const gate = createGate(services, apiVersions, auth)
  const authorize = createAuthorization({ auth, ...identity, ...services })
  const handlers = createHandlers(services) as unknown as Readonly<Record<string, AnyHandler>>

  app.decorateRequest('apiVersion', '')
  app.decorateRequest('bodyText', '')
  app.addHook('onRequest', (request, _reply, done) => {
    request.apiVersion = apiVersionOf(request.query as Record<string, string>)
    if (request.is404 && isForAnother(request)) throw noRoute(document, request)
    gate.checkCaller(request)
    if (hasEmptyName(request.params)) throw noRoute(document, request)
    done()
  })
  if (authorize !== undefined) app.addHook('onRequest', authorize)
  app.addHook('onRequest', (request, _reply, done) => {
    gate.checkResource(request)
    done()
  })
  acceptJson(app)
  registerOperations(app, contract, route => ({
    config: { apiVersions: apiVersionScope(route), action: route.operation['x-azrun-action'] as string | undefined },
    handler: async (request, reply) => {
      sendAnswer(request, reply, headers, await handlers[route.operation.operationId]!(request))
    }
  }))
  app.setErrorHandler((failure: Failure, request, reply) => answerFailure(failure, request, reply, options))
  app.setNotFoundHandler((request, reply) => answerFailure(noRoute(document, request), request, reply, options))
}

/** Both media types of the contract, and no other: no default parser is left. */
function acceptJson (app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(['application/json', 'text/json'], { parseAs: 'string' }, (request, body, done) => {
    request.bodyText = withoutByteOrderMark(body as string)
    let value: unknown
    try {
      value = JSON.parse(request.bodyText)
    } catch {
      // No body at all is for the schema to refuse.
      if (request.bodyText.trim() !== '') return done(malformedBody(request.bodyText), undefined)
    }
    done(null, value)
  })
}

function withoutByteOrderMark (text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

/** `virtualMachines` of `.../Microsoft.Compute/virtualMachines/{vmName}/runCommand`: every other segment, no action. */
function apiVersionScope ({ path, method, operation }: OpenApiRoute): ApiVersionScope {
  if (operation['x-azrun-plane'] === 'gateway') return 'gateway'
  const segments = path.slice(path.indexOf('/Microsoft.Compute/') + 1).split('/').slice(1)
  const types = segments.filter((_, index) => index % 2 === 0)
  return { computeType: (method === 'POST' ? types.slice(0, -1) : types).join('/') }
}

/** Login and Graph ask for no api-version: what is not served of them is not to be told so. */
function isForAnother ({ hostname }: FastifyRequest): boolean {
  const host = hostname.toLowerCase()
  return (cloudOf(host)?.resourceManager ?? host) !== host
}

/** The router takes two slashes as an empty name between them, which nothing has. */
function hasEmptyName (params: unknown): boolean {
  return Object.values(params as Record<string, string>).includes('')
}

function noRoute (document: OpenApiDocument, { url, method }: FastifyRequest): ArmError {
  const [path] = url.split('?') as [string]
  const methods = methodsOf(document, path)
  if (methods.length === 0) return new ArmError('RouteNotFound', { path })
  return new ArmError('MethodNotAllowed', { method }, ['Allow', methods.join(', ')])
}
