import { Readable } from 'node:stream'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify'
import type { Logger } from 'pino'
import { originOf } from '../http/origin.js'
import { isOwn, type OwnPages } from '../http/own-pages.js'
import { acceptAnyJson } from './any-json.js'
import { formsOf, type Documents } from './documents.js'
import { pathOf, type Endpoint, type Endpoints } from './endpoints.js'
import { AdminError, handleError } from './errors.js'
import type { Services } from './handler-types.js'
import { isOpened } from './navigation.js'
import type { HomeOptions } from './pages/home.js'
import type { Document } from './pages/layout.js'
import { TestApi } from './test-api.js'
import { requireToken } from './token.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** The endpoint of a request below /_emulator. */
    endpoint?: Endpoint
  }
}

export interface AdminOptions extends Omit<HomeOptions, 'caFile' | 'live' | 'token'>, Services {
  /** Read when needed. */
  readonly documents: Documents
  readonly ownPages: OwnPages
  readonly log: Logger
  /** The token that the API requires; undefined if it requires none. */
  readonly adminToken?: string
  /** The certificate that clients must trust, and its file; undefined without a port. */
  readonly authority?: { readonly pem: string, readonly file: string }
}

interface PluginOptions extends Pick<AdminOptions, 'clock' | 'log' | 'ownPages' | 'adminToken'> {
  readonly endpointFor: FindEndpoint
}

/** Finds the endpoint of a request. Refuses a request that is neither for a page nor for the API. */
export type FindEndpoint = (request: FastifyRequest, reply: FastifyReply) => Endpoint

const PATHS = '/_emulator/docs/admin lists the paths of the API for tests; the pages are /_emulator/, /_emulator/health, ' +
  '/_emulator/docs, /_emulator/docs/entra, /_emulator/docs/admin, /_emulator/ca.pem and /_emulator/openapi/arm.json, ' +
  'entra.json and admin.json, each also as .yaml'

/** The paths of the pages of documentation. */
const DOCS = { arm: '/docs', entra: '/docs/entra', admin: '/docs/admin' } as const

/** The most requests from before it was opened that a page shows. */
const SHOWN_REQUESTS = 500

/** The methods of every page: probes may use HEAD. */
const METHODS = ['GET', 'HEAD']

/** Pages by their paths below /_emulator. */
type Pages = Readonly<Record<string, RouteHandlerMethod>>

/**
 * What azrun serves below /_emulator: pages for people, health, OpenAPI documents, the certificate to trust, and the
 * API for tests. They share one route, because each route costs time at every start, and most runs need none of these.
 */
export async function admin (app: FastifyInstance, options: PluginOptions): Promise<void> {
  const { clock, log, ownPages, adminToken, endpointFor } = options
  app.setErrorHandler((error: FastifyError, request, reply) => handleError(error, request, reply, log))
  acceptAnyJson(app)
  app.decorateRequest('endpoint', undefined)
  app.addHook('onSend', (request, reply, payload: string | Readable | undefined, done) => {
    reply.header('date', clock.now().toUTCString())
    if (payload instanceof Readable) {
      // Before the first byte, Fastify sends an error response. Later it cuts the connection, and logs nothing.
      payload.once('error', error => { if (reply.raw.headersSent) log.error(error) })
      return done(null, payload)
    }
    if (request.method !== 'HEAD') return done(null, payload)
    reply.header('content-length', Buffer.byteLength(payload ?? ''))
    done(null, null)
  })
  const route = {
    method: app.supportedMethods,
    // Runs before the body is read.
    onRequest (request: FastifyRequest, reply: FastifyReply, done: () => void) {
      const endpoint = endpointFor(request, reply)
      const { operationId } = endpoint
      if (operationId !== undefined && adminToken !== undefined) requireToken(request, reply, adminToken, ownPages)
      request.ownOperation = operationId
      request.endpoint = endpoint
      done()
    },
    handler (this: FastifyInstance, request: FastifyRequest, reply: FastifyReply) {
      return request.endpoint!.handle.call(this, request, reply)
    }
  }
  app.route({ ...route, url: '/*' })
  // The path without a trailing slash. The wildcard needs one.
  app.route({ ...route, url: '/', prefixTrailingSlash: 'no-slash' })
}

/** The pages and the API. */
export function createEndpoints (options: AdminOptions): FindEndpoint {
  const pages = pagesOf(options)
  const api = new TestApi(() => options.documents.admin, options)
  return ({ method, url }, reply) => {
    const path = pathOf(url)
    const endpoints = pageAt(pages, path) ?? api.at(path)
    const endpoint = endpoints.get(method)
    if (endpoint !== undefined) return endpoint
    if (endpoints.size === 0) throw new AdminError(404, `azrun has nothing at '${url}'${api.hint(path)} ${PATHS}`)
    const allowed = [...endpoints.keys()]
    reply.header('Allow', allowed.join(', '))
    throw new AdminError(405, `this path does not support the method ${method}: use ${allowed.join(' or ')}`)
  }
}

/**
 * Refuses a request below /_emulator that has no route; returns false for any other. Fastify has none for methods that
 * it does not know, for which routes would make every start slower, and none for paths that it cannot decode.
 */
export function createAdminRefusal (endpointFor: FindEndpoint, { clock, log }: Pick<AdminOptions, 'clock' | 'log'>) {
  return (request: FastifyRequest, reply: FastifyReply): boolean => {
    if (!isOwn(request.url)) return false
    try {
      endpointFor(request, reply)
      return false
    } catch (error) {
      reply.header('date', clock.now().toUTCString())
      handleError(error as AdminError, request, reply, log)
      return true
    }
  }
}

function pageAt (pages: Pages, path: readonly string[]): Endpoints | undefined {
  const key = `/${path.map(name => name.toLowerCase().replaceAll('/', '%2f')).join('/')}`
  return Object.hasOwn(pages, key) ? new Map(METHODS.map(method => [method, { handle: pages[key]! }])) : undefined
}

function pagesOf (options: AdminOptions): Pages {
  const { version, documents, authority } = options
  return {
    '/health': async () => ({ status: 'ready', version, caFile: authority?.file }),
    ...authority && {
      '/ca.pem': async (_request, reply) => reply.type('application/x-pem-file').send(authority.pem)
    },
    ...pagesOfDocuments(documents),
    ...pagesForPeople(options)
  }
}

function pagesOfDocuments (documents: Documents): Pages {
  return Object.fromEntries((Object.keys(documents) as (keyof Documents)[]).flatMap(name => {
    let forms: ReturnType<typeof formsOf> | undefined
    const load = async () => await (forms ??= formsOf(documents[name]))
    return Object.entries<RouteHandlerMethod>({
      [`/openapi/${name}.json`]: async () => (await load()).json,
      [`/openapi/${name}.yaml`]: async (_request, reply) => reply.type('application/yaml').send((await load()).yaml)
    })
  }))
}

/** The pages for people. The first request for one loads their code, not the start. */
function pagesForPeople ({ documents, ownPages, authority, ...options }: AdminOptions): Pages {
  const show = async (request: FastifyRequest, reply: FastifyReply, page: () => Promise<Document>) => {
    const message = 'other web pages cannot frame or fetch this page: open it in a window of its own'
    if (!isOpened(request.headers)) throw new AdminError(403, message)
    const { headers, markup } = await page()
    return reply.headers(headers).send(markup)
  }
  const home: RouteHandlerMethod = (request, reply) => show(request, reply, async () => {
    const { homePage } = await import('./pages/home.js')
    const live = options.journal.isOn ? { after: options.events.before(SHOWN_REQUESTS) } : undefined
    const page = { ...options, live, token: ownPages.token, caFile: authority?.file }
    return await homePage(page, originOf(request).replace(/^https?:\/\//, ''))
  })
  const docs = (name: keyof typeof DOCS): RouteHandlerMethod => (request, reply) => show(request, reply, async () => {
    const { docsPage } = await import('./pages/docs.js')
    const { virtualMachines, machineStates, executor, adminToken } = options
    const page = { document: documents[name], name, path: `/_emulator${DOCS[name]}`, token: ownPages.token }
    const needsAdminToken = name === 'admin' && adminToken !== undefined
    const runsScripts = executor !== 'fixture'
    return await docsPage({ ...page, virtualMachines, machineStates, runsScripts, needsAdminToken })
  })
  return { '/': home, [DOCS.arm]: docs('arm'), [DOCS.entra]: docs('entra'), [DOCS.admin]: docs('admin') }
}
