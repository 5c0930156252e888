import Fastify from 'fastify'
import type { OpenApiDocument } from '../http/openapi.js'

/** The OpenAPI documents that azrun serves, by file name. */
export interface Documents {
  readonly arm: OpenApiDocument
  readonly entra: OpenApiDocument
  readonly admin: OpenApiDocument
}

/** Both forms of a document, from @fastify/swagger in its own app. It is loaded when first needed. */
export async function formsOf (document: OpenApiDocument): Promise<{ readonly json: object, readonly yaml: string }> {
  const { default: swagger } = await import('@fastify/swagger')
  const app = Fastify()
  await app.register(swagger, { mode: 'static', specification: { document: document as never } })
  await app.ready()
  return { json: app.swagger(), yaml: app.swagger({ yaml: true }) }
}
