import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify'
import { originOf } from '../http/origin.js'
import type { OwnPages } from '../http/own-pages.js'
import { formsOf, type Documents } from './documents.js'
import { envelope, handleErrors } from './errors.js'
import { isOpened } from './navigation.js'
import type { HomeOptions } from './pages/home.js'

export interface AdminOptions extends Omit<HomeOptions, 'caFile'> {
  readonly documents: Documents
  readonly ownPages: OwnPages
  /** The certificate that clients must trust, and its file; undefined without a port. */
  readonly authority?: { readonly pem: string, readonly file: string }
}

const PAGES = '/_emulator/, /_emulator/health, /_emulator/docs, /_emulator/docs/entra, /_emulator/ca.pem and ' +
  '/_emulator/openapi/arm.json, arm.yaml, entra.json and entra.yaml'

/** The paths of the pages of documentation. */
const DOCS = { arm: '/docs', entra: '/docs/entra' } as const

/** The methods of every page: probes may use HEAD. */
const METHODS = ['GET', 'HEAD']

/** Pages by their paths below /_emulator. */
type Pages = Readonly<Record<string, RouteHandlerMethod>>

/** azrun's own pages, below /_emulator: for people; health; OpenAPI documents; and the certificate to trust. */
export async function admin (app: FastifyInstance, options: AdminOptions): Promise<void> {
  const { version, documents, authority } = options
  handleErrors(app)
  const pages: Pages = {
    '/health': async () => ({ status: 'ready', version, caFile: authority?.file }),
    ...authority && {
      '/ca.pem': async (_request, reply) => reply.type('application/x-pem-file').send(authority.pem)
    },
    ...pagesOfDocuments(documents),
    ...pagesForPeople(options)
  }
  for (const [url, handler] of Object.entries(pages)) app.get(url, { exposeHeadRoute: true }, handler)
  refuseOthers(app, pages)
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
  const show = async (request: FastifyRequest, reply: FastifyReply, markup: () => Promise<string>) => {
    const message = 'Other web pages cannot frame or fetch this page. Open it in a window of its own.'
    if (!isOpened(request.headers)) return reply.code(403).send(envelope(403, message))
    const { pageHeaders } = await import('./pages/layout.js')
    return reply.headers(pageHeaders).send(await markup())
  }
  const home: RouteHandlerMethod = (request, reply) => show(request, reply, async () => {
    const { homePage } = await import('./pages/home.js')
    return await homePage({ ...options, caFile: authority?.file }, originOf(request).replace(/^https?:\/\//, ''))
  })
  const docs = (name: keyof typeof DOCS): RouteHandlerMethod => (request, reply) => show(request, reply, async () => {
    const { docsPage } = await import('./pages/docs.js')
    const { virtualMachines, machineStates, executor } = options
    const page = { document: documents[name], name, path: `/_emulator${DOCS[name]}`, token: ownPages.token }
    return await docsPage({ ...page, virtualMachines, machineStates, runsScripts: executor !== 'fixture' })
  })
  return { '/': home, [DOCS.arm]: docs('arm'), [DOCS.entra]: docs('entra') }
}

/**
 * Refuses whatever is not for a page, before its body is read. A start spends less time on these routes than on one for
 * each page and method that it lacks, or on Fastify's handler of what is not found, which is 70 routes.
 */
function refuseOthers (app: FastifyInstance, pages: Pages): void {
  const refuse = (request: FastifyRequest, reply: FastifyReply): void => {
    const { '*': path = '' } = request.params as { readonly '*'?: string }
    if (`/${path.toLowerCase()}` in pages) refuseMethod(request.method, reply)
    else reply.code(404).send(envelope(404, `azrun has no page '${request.url}'. Available pages: ${PAGES}.`))
  }
  const others = app.supportedMethods.filter(method => !METHODS.includes(method))
  const route = { onRequest: refuse, handler: refuse }
  app.route({ ...route, method: app.supportedMethods, url: '/*' })
  // The slash is optional here, and the wildcard comes after one.
  app.route({ ...route, method: others, url: '/', prefixTrailingSlash: 'no-slash' })
}

function refuseMethod (method: string, reply: FastifyReply): void {
  const message = `This page does not support the method ${method}. Use ${METHODS.join(' or ')}.`
  reply.code(405).header('Allow', METHODS.join(', ')).send(envelope(405, message))
}
