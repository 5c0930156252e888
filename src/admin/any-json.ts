import type { FastifyInstance } from 'fastify'
import { AdminError } from './errors.js'

/** The deepest nesting of a body: serializing it again, as for a scenario, must not exhaust the stack. */
const MAX_DEPTH = 64

/** Parses every body as JSON, whatever its media type: by default, curl sends that of forms. */
export function acceptAnyJson (app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser<string>('*', { parseAs: 'string' }, ({ headers }, text, done) => {
    const { 'content-encoding': encoding = 'identity' } = headers
    if (encoding.toLowerCase() !== 'identity') return done(wrongEncoding(encoding))
    if (text.trim() === '') return done(null, {})
    try {
      const body: unknown = JSON.parse(text.replace(/^\uFEFF/, ''))
      if (isDeeper(body, MAX_DEPTH)) done(wrongBody(`must be nested at most ${MAX_DEPTH} levels deep`))
      else done(null, body)
    } catch (error) {
      done(wrongBody(`must be JSON: ${(error as Error).message}`))
    }
  })
}

function wrongBody (predicate: string): AdminError {
  return new AdminError(400, `'body' ${predicate}`, { target: 'body' })
}

function wrongEncoding (encoding: string): AdminError {
  const target = 'Content-Encoding'
  return new AdminError(415, `'${target}' must not be '${encoding}': send the body uncompressed, without this header`, { target })
}

/** Whether lists and objects are nested deeper than `levels`. */
function isDeeper (value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some(each => isDeeper(each, levels - 1))
}
