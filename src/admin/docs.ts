import Fastify, { type FastifyInstance } from 'fastify'
import type { OpenApiDocument } from '../openapi.js'
import { answerErrors } from './errors.js'

/** The documents that azrun serves, by the names of their files. */
export interface Documents {
  readonly arm: OpenApiDocument
  readonly entra: OpenApiDocument
}

/** The documentation page, as an app of its own: it is loaded when somebody first looks at it, not at every start. */
export async function createDocsApp (documents: Documents): Promise<FastifyInstance> {
  const [{ default: swagger }, { default: swaggerUi }] = await Promise.all([
    import('@fastify/swagger'),
    import('@fastify/swagger-ui')
  ])
  const app = Fastify()
  answerErrors(app, '/_emulator/docs')
  await app.register(swagger, { mode: 'static', specification: { document: documents.arm as never } })
  const urls = Object.entries(documents).map(([name, { info }]) =>
    ({ name: info.title, url: `/_emulator/openapi/${name}.json` }))
  // A page may read azrun but not call it, so the page's buttons that would do so are left out.
  await app.register(swaggerUi, { routePrefix: '/_emulator/docs', uiConfig: { urls, supportedSubmitMethods: [] } })
  await app.ready()
  return app
}
