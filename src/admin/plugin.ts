import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify'
import type { Logger } from 'pino'
import { originOf } from '../http/origin.js'
import { methodsOf, type ApiContract } from '../http/openapi.js'
import type { OwnPages } from '../http/own-pages.js'
import { api } from './api-plugin.js'
import { formsOf, type Documents } from './documents.js'
import { AdminError, handleErrors } from './errors.js'
import type { Services } from './handler-types.js'
import { isOpened } from './navigation.js'
import type { HomeOptions } from './pages/home.js'
import type { Document } from './pages/layout.js'

export interface AdminOptions extends Omit<HomeOptions, 'caFile' | 'live' | 'token'>, Services {
  readonly contract: ApiContract
  readonly documents: Documents
  readonly ownPages: OwnPages
  readonly log: Logger
  /** What the API requires; undefined if it requires nothing. */
  readonly adminToken?: string
  /** The certificate that clients must trust, and its file; undefined without a port. */
  readonly authority?: { readonly pem: string, readonly file: string }
}

const PAGES = '/_emulator/, /_emulator/health, /_emulator/docs, /_emulator/docs/entra, /_emulator/docs/admin, /_emulator/ca.pem and ' +
  '/_emulator/openapi/arm.json, entra.json and admin.json, each also as .yaml'

/** The paths of the pages of documentation. */
const DOCS = { arm: '/docs', entra: '/docs/entra', admin: '/docs/admin' } as const

/** How many requests a page shows that came before it was opened. */
const SHOWN_REQUESTS = 500

/** The methods of every page: probes may use HEAD. */
const METHODS = ['GET', 'HEAD']

/** Pages by their paths below /_emulator. */
type Pages = Readonly<Record<string, RouteHandlerMethod>>

/** azrun's own pages, below /_emulator: for people; health; OpenAPI documents; and the certificate to trust. */
export async function admin (app: FastifyInstance, options: AdminOptions): Promise<void> {
  const { clock, version, contract, documents, authority, log, ownPages, adminToken } = options
  handleErrors(app, log)
  app.addHook('onSend', (_request, reply, _payload, done) => {
    reply.header('date', clock.now().toUTCString())
    done()
  })
  const pages: Pages = {
    '/health': async () => ({ status: 'ready', version, caFile: authority?.file }),
    ...authority && {
      '/ca.pem': async (_request, reply) => reply.type('application/x-pem-file').send(authority.pem)
    },
    ...pagesOfDocuments(documents),
    ...pagesForPeople(options)
  }
  for (const [url, handler] of Object.entries(pages)) app.get(url, { exposeHeadRoute: true }, handler)
  await app.register(api, { contract, services: options, ownPages, adminToken })
  refuseOthers(app, pages, contract)
}

function pagesOfDocuments (documents: Documents): Pages {
  return Object.fromEntries(Object.entries(documents).flatMap(([name, document]) => {
    let forms: ReturnType<typeof formsOf> | undefined
    const load = async () => await (forms ??= formsOf(document))
    return Object.entries<RouteHandlerMethod>({
      [`/openapi/${name}.json`]: async () => (await load()).json,
      [`/openapi/${name}.yaml`]: async (_request, reply) => reply.type('application/yaml').send((await load()).yaml)
    })
  }))
}

/** Their code is loaded on the first request for one, not at every start. */
function pagesForPeople ({ documents, ownPages, authority, ...options }: AdminOptions): Pages {
  const show = async (request: FastifyRequest, reply: FastifyReply, page: () => Promise<Document>) => {
    const message = 'Other web pages cannot frame or fetch this page. Open it in a window of its own.'
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

/**
 * Refuses whatever is neither for a page nor for the API, before its body is read. A start spends less time on these
 * routes than on one for each page and method that it lacks, or on Fastify's handler of what is not found, which is 70
 * routes.
 */
function refuseOthers (app: FastifyInstance, pages: Pages, { document }: ApiContract): void {
  const refuse = ({ method, url, params }: FastifyRequest, reply: FastifyReply): void => {
    const { '*': path = '' } = params as { readonly '*'?: string }
    const allowed = `/${path.toLowerCase()}` in pages ? METHODS : methodsOf(document, `/${path}`)
    if (allowed.length === 0) throw new AdminError(404, `azrun has no page '${url}'. Available pages: ${PAGES}.`)
    reply.header('Allow', allowed.join(', '))
    throw new AdminError(405, `This path does not support the method ${method}. Use ${allowed.join(' or ')}.`)
  }
  const others = app.supportedMethods.filter(method => !METHODS.includes(method))
  const route = { onRequest: refuse, handler: refuse }
  app.route({ ...route, method: app.supportedMethods, url: '/*' })
  // The slash is optional here, and the wildcard comes after one.
  app.route({ ...route, method: others, url: '/', prefixTrailingSlash: 'no-slash' })
}
