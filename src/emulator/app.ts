import { hostname } from 'node:os'
import Fastify, {
  type FastifyInstance, type FastifyReply, type FastifyRequest, type FastifyServerFactory, type FastifyServerOptions
} from 'fastify'
import type { Documents } from '../admin/documents.js'
import { homePathFor } from '../admin/navigation.js'
import { admin, createAdminRefusal, createEndpoints, type AdminOptions } from '../admin/plugin.js'
import { document as armDocument } from '../arm/contract/document.js'
import * as armValidators from '../arm/contract/validators.js'
import { handleError } from '../arm/error-handler.js'
import { arm } from '../arm/plugin.js'
import { repairUrl } from '../arm/repair-url.js'
import { ResponseHeaders } from '../arm/responses/headers.js'
import { emulatedHosts } from '../core/clouds.js'
import { document as entraDocument } from '../entra/contract.js'
import { createEntraMethodRefusal, entra } from '../entra/plugin.js'
import { addBodyBudget } from '../http/body-budget.js'
import { addGuard } from '../http/guard.js'
import { addJoinedChunks } from '../http/joined-chunks.js'
import { contractOf, readDocument, type OpenApiDocument } from '../http/openapi.js'
import { addOperations } from '../http/operations.js'
import { OwnPages } from '../http/own-pages.js'
import { parseQuery } from '../http/query.js'
import { addRecorder } from '../http/recorder.js'
import { addRequestLog } from '../http/request-log.js'
import { addSocketEffects } from '../http/socket-effects.js'
import { addTraceHeaders } from '../http/trace-headers.js'
import type { Services } from './services.js'

export interface AppOptions extends Pick<AdminOptions, 'authority'> {
  /** Default: Fastify's own server. */
  readonly serverFactory?: FastifyServerFactory
}

/** Created once per process, however many emulators a test suite starts. They never change. */
const contracts = { arm: contractOf(armDocument, armValidators), entra: contractOf(entraDocument) }

const read = new Map<string, OpenApiDocument>()

/** Read on demand, because the start does not need them. */
const documents: Documents = {
  get arm () { return documentOf('arm.json') },
  get entra () { return documentOf('entra.json') },
  get admin () { return documentOf('admin.json') }
}

function documentOf (name: string): OpenApiDocument {
  const document = read.get(name) ?? readDocument(name)
  read.set(name, document)
  return document
}

/** Creates the Fastify app with all surfaces: Azure Resource Manager, Microsoft Entra, and azrun's own pages. */
export function createApp (services: Services, { authority, serverFactory }: AppOptions): FastifyInstance {
  const { clock, newId, journal, log, version, adminToken, settings: { host, publicName, traceHeaders } } = services
  const headers = new ResponseHeaders({ clock, newId, version })
  const ownPages = new OwnPages()
  const endpointFor = createEndpoints({ ...services, documents, authority, ownPages })
  const refuseForAdmin = createAdminRefusal(endpointFor, services)
  const app = createFastify((error, request, reply) => {
    if (!refuseForAdmin(request, reply)) handleError(error, request, reply, { headers, log })
  }, serverFactory)
  addOperations(app, '_emulator')
  app.decorateRequest('response', undefined)
  addRecorder(app, { clock, journal })
  addTraceHeaders(app, { journal, traceHeaders, countFindings: request => services.conformance.countFindings(request) })
  addGuard(app, [host, hostname(), ...publicName, ...emulatedHosts], ownPages)
  addRequestLog(app, log)
  addJoinedChunks(app)
  addBodyBudget(app)
  addSocketEffects(app, clock)
  const refuseForEntra = createEntraMethodRefusal(services)
  const refuseForAnother = (request: FastifyRequest, reply: FastifyReply) =>
    refuseForEntra(request, reply) || refuseForAdmin(request, reply)
  app.register(arm, { contract: contracts.arm, services, headers, refuseForAnother })
  app.register(entra, { contract: contracts.entra, services })
  app.register(admin, { clock, log, ownPages, adminToken, endpointFor, prefix: '/_emulator' })
  return app
}

/** `frameworkErrors` responds to requests that Fastify cannot route. */
function createFastify (frameworkErrors: NonNullable<FastifyServerOptions['frameworkErrors']>,
  serverFactory?: FastifyServerFactory): FastifyInstance {
  return Fastify({
    routerOptions: {
      caseSensitive: false,
      ignoreTrailingSlash: true,
      querystringParser: parseQuery
    },
    rewriteUrl: request => homePathFor(request) ?? repairUrl(request.url!),
    bodyLimit: 4 * 1024 * 1024,
    // Fastify's own ids are not used: the responses have Azure's.
    genReqId: () => '',
    exposeHeadRoutes: false,
    // A timer for each plugin and hook: ours wait for nothing.
    pluginTimeout: 0,
    schemaController: { compilersFactory: { buildValidator: refuseSchema, buildSerializer: refuseSchema } },
    return503OnClosing: false,
    // The port itself refuses malformed requests, in order. Fastify would cut off the response in progress.
    clientErrorHandler: () => {},
    frameworkErrors,
    ...serverFactory && { serverFactory }
  })
}

/** Replaces Fastify's schema compilers, which take long to load. `npm run generate` compiles our schemas. */
function refuseSchema (): never {
  throw new Error('a route has a schema without a compiled validator: run npm run generate')
}
