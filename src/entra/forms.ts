import type { FastifyInstance } from 'fastify'
import { REDACTED, redactedParameters } from '../journal/redaction.js'
import { EntraError } from './errors/entra-error.js'

/** In bytes: far more than the longest assertion with its certificate chain. */
const BODY_LIMIT = 256 * 1024

/** The parameters of a form; each occurs once. */
export type Form = ReadonlyMap<string, string>

/** Parses forms only. Any other body counts as a form without parameters, as in Entra. */
export function acceptForms (app: FastifyInstance): void {
  const options = { parseAs: 'string', bodyLimit: BODY_LIMIT } as const
  app.removeAllContentTypeParsers()
  app.addContentTypeParser<string>('application/x-www-form-urlencoded', options, (request, body, done) => {
    request.bodyText = redactedParameters(body)
    const form = new Map<string, string>()
    for (const [name, value] of new URLSearchParams(body)) {
      if (form.has(name)) return done(new EntraError('DuplicateParameter', { parameter: name }), undefined)
      form.set(name, value)
    }
    done(null, form)
  })
  app.addContentTypeParser<string>('*', options, (request, body, done) => {
    // Whatever its form is, the body may have credentials.
    if (body !== '') request.bodyText = REDACTED
    done(null, new Map())
  })
}

/** A parameter's value; empty counts as missing. */
export function optional (form: Form, name: string): string | undefined {
  return form.get(name) || undefined
}

/** Throws Entra's error if the parameter is missing or empty. */
export function required (form: Form, parameter: string): string {
  const value = optional(form, parameter)
  if (value === undefined) throw new EntraError('MissingParameter', { parameter })
  return value
}

/** The first value of a header or query parameter; empty counts as missing. */
export function single (value: unknown): string | undefined {
  const first = Array.isArray(value) ? value[0] : value
  return typeof first === 'string' && first !== '' ? first : undefined
}
