import type { FastifyInstance, FastifyRequest } from 'fastify'
import { EntraError } from './errors.js'

/** Far more than the longest assertion with its chain of certificates. */
export const BODY_LIMIT = 256 * 1024

/** The parameters of a form, each of which is there once. */
export type Form = ReadonlyMap<string, string>

/** Forms alone are understood: any other body is a form without parameters, as Entra takes it. */
export function acceptForms (app: FastifyInstance): void {
  const options = { parseAs: 'string', bodyLimit: BODY_LIMIT } as const
  app.removeAllContentTypeParsers()
  app.addContentTypeParser<string>('application/x-www-form-urlencoded', options, (_request, body, done) => {
    const form = new Map<string, string>()
    for (const [name, value] of new URLSearchParams(body)) {
      if (form.has(name)) return done(new EntraError('DuplicateParameter', { parameter: name }), undefined)
      form.set(name, value)
    }
    done(null, form)
  })
  app.addContentTypeParser<string>('*', options, (_request, _body, done) => done(null, new Map()))
}

/** A parameter's value; empty is as good as none. */
export function optional (form: Form, name: string): string | undefined {
  return form.get(name) || undefined
}

/** Throws Entra's error unless the parameter is there. */
export function required (form: Form, parameter: string): string {
  const value = optional(form, parameter)
  if (value === undefined) throw new EntraError('MissingParameter', { parameter })
  return value
}

/** The first value of a header or of a query's parameter; empty is as good as none. */
export function single (value: unknown): string | undefined {
  const first = Array.isArray(value) ? value[0] : value
  return typeof first === 'string' && first !== '' ? first : undefined
}

/** The host name of the caller's URL, in lower case, without its port. */
export function hostNameOf (request: FastifyRequest): string {
  return request.hostname.toLowerCase()
}

/** The id that a client gives its request, which answers repeat. */
export function correlationIdOf ({ headers, query }: FastifyRequest): string | undefined {
  const id = single(headers['client-request-id']) ?? single((query as Readonly<Record<string, unknown>> | undefined)?.['client-request-id'])
  return id !== undefined && /^[\da-f-]{36}$/i.test(id) ? id : undefined
}
