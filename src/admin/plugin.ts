import type { FastifyInstance, FastifyReply, RouteHandlerMethod } from 'fastify'
import { createDocsApp, type Documents } from './docs.js'
import { envelope, handleErrors } from './errors.js'

export interface AdminOptions {
  readonly version: string
  readonly documents: Documents
  /** The certificate that clients must trust, and its file; undefined without a port. */
  readonly authority?: { readonly pem: string, readonly file: string }
}

const PAGES = '/_emulator/health, /_emulator/docs, /_emulator/ca.pem, /_emulator/openapi/arm.json and ' +
  '/_emulator/openapi/entra.json'

/** The methods of every page: probes may use HEAD. */
const METHODS = ['GET', 'HEAD']

/** azrun's own pages, below /_emulator: health, documentation, OpenAPI documents and the certificate to trust. */
export async function admin (app: FastifyInstance, { version, documents, authority }: AdminOptions): Promise<void> {
  handleErrors(app, PAGES)
  addPage(app, '/health', async () => ({ status: 'ready', version, caFile: authority?.file }))
  for (const [name, document] of Object.entries(documents)) {
    addPage(app, `/openapi/${name}.json`, async () => document)
  }
  if (authority !== undefined) {
    addPage(app, '/ca.pem', async (_request, reply) => reply.type('application/x-pem-file').send(authority.pem))
  }

  let docs: Promise<FastifyInstance> | undefined
  const showDocs: RouteHandlerMethod = async (request, reply) => {
    const { routing } = await (docs ??= createDocsApp(documents))
    reply.hijack()
    routing(request.raw, reply.raw)
  }
  addPage(app, '/docs', showDocs)
  addPage(app, '/docs/*', showDocs)
  app.addHook('onClose', async () => { await (await docs)?.close() })
}

/** Adds a page to read; every other method is refused before its body is read. */
function addPage (app: FastifyInstance, url: string, handler: RouteHandlerMethod): void {
  app.get(url, { exposeHeadRoute: true }, handler)
  const others = app.supportedMethods.filter(method => !METHODS.includes(method))
  app.route({ method: others, url, onRequest: (request, reply) => refuse(request.method, reply), handler })
}

function refuse (method: string, reply: FastifyReply): void {
  const message = `This page does not support the method ${method}. Use ${METHODS.join(' or ')}.`
  reply.code(405).header('Allow', METHODS.join(', ')).send(envelope(405, message))
}
