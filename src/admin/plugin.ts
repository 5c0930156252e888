import type { FastifyInstance, RouteHandlerMethod } from 'fastify'
import type { OpenApiDocument } from '../openapi.js'
import { createDocsApp } from './docs.js'
import { answerErrors } from './errors.js'

export interface AdminOptions {
  readonly version: string
  readonly document: OpenApiDocument
  /** The certificate that clients are to trust, and its file; undefined where there is no port. */
  readonly authority?: { readonly pem: string, readonly file: string }
}

const PAGES = '/_emulator/health, /_emulator/docs, /_emulator/ca.pem and /_emulator/openapi/arm.json'

/** What azrun says of itself, below /_emulator. */
export async function admin (app: FastifyInstance, { version, document, authority }: AdminOptions): Promise<void> {
  answerErrors(app, PAGES)
  app.get('/health', async () => ({ status: 'ready', version, caFile: authority?.file }))
  app.get('/openapi/arm.json', async () => document)
  if (authority !== undefined) {
    app.get('/ca.pem', async (_request, reply) => reply.type('application/x-pem-file').send(authority.pem))
  }

  let docs: Promise<FastifyInstance> | undefined
  const showDocs: RouteHandlerMethod = async (request, reply) => {
    const { routing } = await (docs ??= createDocsApp(document))
    reply.hijack()
    routing(request.raw, reply.raw)
  }
  app.get('/docs', showDocs)
  app.get('/docs/*', showDocs)
  app.addHook('onClose', async () => { await (await docs)?.close() })
}
