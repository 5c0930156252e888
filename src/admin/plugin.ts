import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify'
import type { Logger } from 'pino'
import { originOf } from '../http/origin.js'
import type { ApiContract } from '../http/openapi.js'
import type { OwnPages } from '../http/own-pages.js'
import { api } from './api-plugin.js'
import { formsOf, type Documents } from './documents.js'
import { AdminError, handleErrors } from './errors.js'
import type { Services } from './handler-types.js'
import { isOpened } from './navigation.js'
import type { HomeOptions } from './pages/home.js'

export interface AdminOptions extends Omit<HomeOptions, 'caFile'>, Services {
  readonly contract: ApiContract
  readonly documents: Documents
  readonly ownPages: OwnPages
  readonly log: Logger
  /** The certificate that clients must trust, and its file; undefined without a port. */
  readonly authority?: { readonly pem: string, readonly file: string }
}

const PAGES = '/_emulator/, /_emulator/health, /_emulator/docs, /_emulator/docs/entra, /_emulator/docs/admin, /_emulator/ca.pem and ' +
  '/_emulator/openapi/arm.json, entra.json and admin.json, each also as .yaml'

/** The paths of the pages of documentation. */
const DOCS = { arm: '/docs', entra: '/docs/entra', admin: '/docs/admin' } as const

/** The methods of every page: probes may use HEAD. */
const METHODS = ['GET', 'HEAD']

/** azrun's own pages, below /_emulator: for people; health; OpenAPI documents; and the certificate to trust. */
export async function admin (app: FastifyInstance, options: AdminOptions): Promise<void> {
  const { version, contract, documents, authority, log } = options
  handleErrors(app, log, PAGES)
  addPage(app, '/health', async () => ({ status: 'ready', version, caFile: authority?.file }))
  if (authority !== undefined) {
    addPage(app, '/ca.pem', async (_request, reply) => reply.type('application/x-pem-file').send(authority.pem))
  }
  addDocuments(app, documents)
  addPagesForPeople(app, options)
  await app.register(api, { contract, services: options })
}

function addDocuments (app: FastifyInstance, documents: Documents): void {
  for (const [name, document] of Object.entries(documents)) {
    let forms: ReturnType<typeof formsOf> | undefined
    const load = async () => await (forms ??= formsOf(document))
    addPage(app, `/openapi/${name}.json`, async () => (await load()).json)
    addPage(app, `/openapi/${name}.yaml`, async (_request, reply) =>
      reply.type('application/yaml').send((await load()).yaml))
  }
}

/** Their code is loaded on the first request for one, not at every start. */
function addPagesForPeople (app: FastifyInstance, { documents, ownPages, authority, ...options }: AdminOptions): void {
  const show = async (request: FastifyRequest, reply: FastifyReply, markup: () => Promise<string>) => {
    const message = 'Other web pages cannot frame or fetch this page. Open it in a window of its own.'
    if (!isOpened(request.headers)) throw new AdminError(403, message)
    const { pageHeaders } = await import('./pages/layout.js')
    return reply.headers(pageHeaders).send(await markup())
  }
  addPage(app, '/', (request, reply) => show(request, reply, async () => {
    const { homePage } = await import('./pages/home.js')
    return await homePage({ ...options, caFile: authority?.file }, originOf(request).replace(/^https?:\/\//, ''))
  }))
  for (const [name, path] of Object.entries(DOCS) as [keyof typeof DOCS, string][]) {
    addPage(app, path, (request, reply) => show(request, reply, async () => {
      const { docsPage } = await import('./pages/docs.js')
      const { virtualMachines, machineStates, executor } = options
      const page = { document: documents[name], name, path: `/_emulator${path}`, token: ownPages.token }
      return await docsPage({ ...page, virtualMachines, machineStates, runsScripts: executor !== 'fixture' })
    }))
  }
}

/** Adds a page to read; every other method is refused before its body is read. */
function addPage (app: FastifyInstance, url: string, handler: RouteHandlerMethod): void {
  app.get(url, { exposeHeadRoute: true }, handler)
  const others = app.supportedMethods.filter(method => !METHODS.includes(method))
  app.route({
    method: others,
    url,
    onRequest ({ method }, reply, done) {
      reply.header('Allow', METHODS.join(', '))
      done(new AdminError(405, `This page does not support the method ${method}. Use ${METHODS.join(' or ')}.`))
    },
    handler
  })
}
