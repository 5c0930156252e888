import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { clouds } from '../core/clouds.js'
import { hostNameOf } from '../http/origin.js'
import { reasonOf } from '../http/reason.js'
import { logErrorResponse } from '../http/request-log.js'
import { UnknownScenario } from '../scenarios/unknown-scenario.js'
import { EntraError } from './errors/entra-error.js'
import { single } from './forms.js'
import type { Services } from './handler-types.js'

/** The service that responds: each has its own form of error body. */
export type ErrorForm =
  'oauth' | 'page' | 'imds' | 'instance-metadata' | 'cloud-shell' | 'app-service' | 'graph' | 'resource-manager'

interface Occurrence {
  /** The host of the error's page: the requested one if it is Entra's (recorded: the tests of MSAL for .NET). */
  readonly host: string
  readonly now: Date
  readonly traceId: string
  readonly correlationId: string
}

/** The page for people in a browser, with the title of Entra's page. */
const PAGE = `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Sign in to your account</title></head>
<body><h1>Sorry, but azrun cannot sign you in</h1><p>MESSAGE</p><p><small>IDS</small></p></body>
</html>
`

/** The page loads and runs nothing, and no other page can frame it. */
const PAGE_HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

function escaped (text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function withCode ({ entry, message }: EntraError) {
  return { error: { code: entry.error, message } }
}

const FORMS: { readonly [Form in ErrorForm]: (error: EntraError, occurrence: Occurrence) => object | string } = {
  /** Recorded: nextauth, haystack-editor #41, azure-docs #43780; without line breaks: azure-workload-identity #1232. */
  oauth ({ entry: { error, code }, message }, { host, now, traceId, correlationId }) {
    const timestamp = `${now.toISOString().slice(0, 19).replace('T', ' ')}Z`
    return {
      error,
      error_description: `${code === undefined ? '' : `AADSTS${code}: `}${message} Trace ID: ${traceId} ` +
        `Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
      error_codes: code === undefined ? [] : [code],
      timestamp,
      trace_id: traceId,
      correlation_id: correlationId,
      error_uri: `https://${host}/error?code=${code ?? ''}`
    }
  },
  page: ({ message }, { traceId, correlationId }) => PAGE
    .replace('MESSAGE', () => escaped(message)).replace('IDS', `Trace ID: ${traceId}, Correlation ID: ${correlationId}`),
  imds: ({ entry, message }) => ({ error: entry.error, error_description: message, ...entry.members }),
  /** Recorded: azure-compute-docs #289. */
  'instance-metadata': ({ entry, message }) => ({ error: message, ...entry.members }),
  /** Documented: MSI in Cloud Shell, and the tests of MSAL for Java. */
  'cloud-shell': withCode,
  /** Recorded: cli-microsoft365, msal's tests. */
  'app-service': ({ entry, message }, { correlationId }) => ({ statusCode: entry.status, message, correlationId }),
  graph: ({ entry, message }, { now, traceId, correlationId }) => ({
    error: {
      code: entry.error,
      message,
      innerError: { date: now.toISOString().slice(0, 19), 'request-id': traceId, 'client-request-id': correlationId }
    }
  }),
  'resource-manager': withCode
}

type Failure = FastifyError | EntraError | UnknownScenario

/** Responds to any failure in the form of the route's service. */
export function handleError (failure: Failure, request: FastifyRequest, reply: FastifyReply,
  { clock, newId, log }: Pick<Services, 'clock' | 'newId' | 'log'>,
  errorForm = request.operation?.errorForm ?? 'oauth'): void {
  const error = failure instanceof EntraError ? failure : toEntraError(failure, request, log)
  const traceId = newId()
  const correlationId = correlationIdOf(request) ?? newId()
  if (errorForm === 'page') reply.headers(PAGE_HEADERS)
  if (!/^(imds|instance-metadata)$/.test(errorForm)) reply.header('x-ms-request-id', traceId)
  reply.code(error.entry.status).headers(error.headers)
    .send(FORMS[errorForm](error, { host: loginHostOf(request), now: clock.now(), traceId, correlationId }))
  const { entry: { status, error: name, code }, message } = error
  logErrorResponse(log, request, { status, code: code === undefined ? name : `AADSTS${code}`, reason: message })
}

function toEntraError (error: Exclude<Failure, EntraError>, request: FastifyRequest, log: Services['log']): EntraError {
  if (error instanceof UnknownScenario) return new EntraError('UnknownScenario', { name: error.scenario, hint: error.hint || '.' })
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new EntraError('RequestTooLarge', { limit: `${request.routeOptions.bodyLimit}` })
  if (error.code === 'RequestRefused') return new EntraError('RequestRefused', { reason: error.message })
  const reason = reasonOf(error)
  if (error.statusCode !== undefined && error.statusCode < 500) return new EntraError('BadRequest', { reason })
  log.error(error)
  return new EntraError('ServerError', { reason })
}

function loginHostOf (request: FastifyRequest): string {
  const host = hostNameOf(request)
  return clouds.some(({ login }) => login.includes(host)) ? host : clouds[0].login[0]!
}

/** The client's own id of its request, which the response repeats. */
function correlationIdOf ({ headers, query }: FastifyRequest): string | undefined {
  const id = single(headers['client-request-id']) ?? single((query as Readonly<Record<string, unknown>> | undefined)?.['client-request-id'])
  return id !== undefined && /^[\da-f-]{36}$/i.test(id) ? id : undefined
}
