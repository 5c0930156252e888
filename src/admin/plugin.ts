import type { FastifyInstance, RouteHandlerMethod } from 'fastify'
import { createDocsApp, type Documents } from './docs.js'
import { answerErrors } from './errors.js'

export interface AdminOptions {
  readonly version: string
  readonly documents: Documents
  /** The certificate that clients are to trust, and its file; undefined where there is no port. */
  readonly authority?: { readonly pem: string, readonly file: string }
}

const PAGES = '/_emulator/health, /_emulator/docs, /_emulator/ca.pem, /_emulator/openapi/arm.json and ' +
  '/_emulator/openapi/entra.json'

/** What azrun says of itself, below /_emulator. */
export async function admin (app: FastifyInstance, { version, documents, authority }: AdminOptions): Promise<void> {
  answerErrors(app, PAGES)
  app.get('/health', async () => ({ status: 'ready', version, caFile: authority?.file }))
  for (const [name, document] of Object.entries(documents)) app.get(`/openapi/${name}.json`, async () => document)
  if (authority !== undefined) {
    app.get('/ca.pem', async (_request, reply) => reply.type('application/x-pem-file').send(authority.pem))
  }

  let docs: Promise<FastifyInstance> | undefined
  const showDocs: RouteHandlerMethod = async (request, reply) => {
    const { routing } = await (docs ??= createDocsApp(documents))
    reply.hijack()
    routing(request.raw, reply.raw)
  }
  app.get('/docs', showDocs)
  app.get('/docs/*', showDocs)
  app.addHook('onClose', async () => { await (await docs)?.close() })
}
