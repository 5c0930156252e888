import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Services } from './contract.js'
import { EntraError } from './errors.js'
import { correlationIdOf } from './requests.js'

/** Which service is answering: each says in its own way what is wrong. */
export type ErrorForm = 'oauth' | 'imds' | 'app-service' | 'graph' | 'resource-manager'

interface Occurrence {
  readonly now: Date
  readonly traceId: string
  readonly correlationId: string
}

const FORMS: { readonly [Form in ErrorForm]: (error: EntraError, occurrence: Occurrence) => object } = {
  /** Recorded: nextauth, haystack-editor #41, azure-docs #43780. */
  oauth ({ entry: { error, code }, message }, { now, traceId, correlationId }) {
    const timestamp = `${now.toISOString().slice(0, 19).replace('T', ' ')}Z`
    return {
      error,
      error_description: `${code === undefined ? '' : `AADSTS${code}: `}${message}\r\nTrace ID: ${traceId}\r\n` +
        `Correlation ID: ${correlationId}\r\nTimestamp: ${timestamp}`,
      error_codes: code === undefined ? [] : [code],
      timestamp,
      trace_id: traceId,
      correlation_id: correlationId,
      error_uri: `https://login.microsoftonline.com/error?code=${code ?? ''}`
    }
  },
  imds: ({ entry, message }) => ({ error: entry.error, error_description: message }),
  /** Recorded: cli-microsoft365, msal's tests. */
  'app-service': ({ entry, message }, { correlationId }) => ({ statusCode: entry.status, message, correlationId }),
  graph: ({ entry, message }, { now, traceId, correlationId }) => ({
    error: {
      code: entry.error,
      message,
      innerError: { date: now.toISOString().slice(0, 19), 'request-id': traceId, 'client-request-id': correlationId }
    }
  }),
  'resource-manager': ({ entry, message }) => ({ error: { code: entry.error, message } })
}

/** Answers a failure, whatever it is, in the form of the service that was asked. */
export function answerFailure (failure: FastifyError | EntraError, request: FastifyRequest, reply: FastifyReply,
  { clock, newId, log }: Pick<Services, 'clock' | 'newId' | 'log'>): void {
  const error = failure instanceof EntraError ? failure : toEntraError(failure, request, log)
  const traceId = newId()
  const correlationId = correlationIdOf(request) ?? newId()
  const form = FORMS[request.routeOptions.config.errorForm ?? 'oauth']
  reply.code(error.entry.status).headers({ 'x-ms-request-id': traceId, ...error.headers })
    .send(form(error, { now: clock.now(), traceId, correlationId }))
}

function toEntraError (error: FastifyError, request: FastifyRequest, log: Services['log']): EntraError {
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new EntraError('RequestTooLarge', { limit: `${request.routeOptions.bodyLimit}` })
  if (error.code === 'RequestRefused') return new EntraError('RequestRefused', { reason: error.message })
  const reason = error.message.replace(/\.$/, '')
  if (error.statusCode !== undefined && error.statusCode < 500) return new EntraError('BadRequest', { reason })
  log.error(error)
  return new EntraError('ServerError', { reason })
}
