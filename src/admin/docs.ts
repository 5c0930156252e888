import Fastify, { type FastifyInstance } from 'fastify'
import type { OpenApiDocument } from '../http/openapi.js'
import { handleErrors } from './errors.js'

/** The OpenAPI documents that azrun serves, by file name. */
export interface Documents {
  readonly arm: OpenApiDocument
  readonly entra: OpenApiDocument
}

/** The documentation page, as a separate app: it is loaded on the first request for it, not at every start. */
export async function createDocsApp (documents: Documents): Promise<FastifyInstance> {
  const [{ default: swagger }, { default: swaggerUi }] = await Promise.all([
    import('@fastify/swagger'),
    import('@fastify/swagger-ui')
  ])
  const app = Fastify()
  handleErrors(app, '/_emulator/docs')
  await app.register(swagger, { mode: 'static', specification: { document: documents.arm as never } })
  const urls = Object.entries(documents).map(([name, { info }]) =>
    ({ name: info.title, url: `/_emulator/openapi/${name}.json` }))
  // azrun refuses requests from web pages, so the page has no buttons that send them.
  await app.register(swaggerUi, { routePrefix: '/_emulator/docs', uiConfig: { urls, supportedSubmitMethods: [] } })
  await app.ready()
  return app
}
