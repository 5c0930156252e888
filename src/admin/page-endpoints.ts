import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify'
import { originOf } from '../http/origin.js'
import type { OwnPages } from '../http/own-pages.js'
import { formsOf, type Documents } from './documents.js'
import type { Endpoints } from './endpoints.js'
import { AdminError } from './errors.js'
import type { Services } from './handler-types.js'
import { isOpened } from './navigation.js'
import type { HomeOptions } from './pages/home.js'
import type { Document } from './pages/layout.js'

/** What the pages show. */
export interface PageOptions extends Omit<HomeOptions, 'caFile' | 'live' | 'token'>,
  Pick<Services, 'events' | 'journal'> {
  /** Read when needed. */
  readonly documents: Documents
  readonly ownPages: OwnPages
  /** The token that the API requires; undefined if it requires none. */
  readonly adminToken?: string
  /** The certificate that clients must trust, and its file; undefined without a port. */
  readonly authority?: { readonly pem: string, readonly file: string }
}

/** The paths of the API and of the pages, for those who look for one. */
export const PATHS = '/_emulator/docs/admin lists the paths of the API for tests; the pages are /_emulator/, /_emulator/health, ' +
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

/** Returns a function that finds the endpoints of a page by its path below /_emulator; undefined for any other path. */
export function createPages (options: PageOptions): (path: readonly string[]) => Endpoints | undefined {
  const pages = pagesOf(options)
  return path => {
    const key = `/${path.map(name => name.toLowerCase().replaceAll('/', '%2f')).join('/')}`
    return Object.hasOwn(pages, key) ? new Map(METHODS.map(method => [method, { handle: pages[key]! }])) : undefined
  }
}

function pagesOf (options: PageOptions): Pages {
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
function pagesForPeople ({ documents, ownPages, authority, ...options }: PageOptions): Pages {
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
