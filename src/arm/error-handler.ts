import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { RequestRefused } from '../http/guard.js'
import { reasonOf } from '../http/reason.js'
import { logErrorResponse } from '../http/request-log.js'
import { respond } from '../http/respond.js'
import { ResourceBusy } from '../operations/start.js'
import { machineName } from '../resources/virtual-machines.js'
import { UnknownScenario } from '../scenarios/unknown-scenario.js'
import { ArmError, errorBody, type ErrorContent } from './errors/arm-error.js'
import type { ErrorEntry } from './errors/entry.js'
import { errors } from './errors/table.js'
import type { ArmResponse } from './responses/arm-response.js'
import type { ResponseHeaders } from './responses/headers.js'
import { httpResponse } from './responses/http-response.js'
import { rateLimit, type RateLimit } from './responses/quotas.js'

export type Failure = ArmError | RequestRefused | ResourceBusy | UnknownScenario | FastifyError

/** The response of an error. */
export type ErrorResponse = ErrorContent &
  Pick<ArmResponse, 'status' | 'headers' | 'replacing' | 'rateLimit' | 'charge' | 'correlationId' | 'close'> &
  Pick<ArmError, 'help'>

export interface ErrorHandlerOptions {
  readonly headers: ResponseHeaders
  /** Receives the mistakes of clients, and unexpected errors, which are defects of azrun. */
  readonly log: Pick<Logger, 'error' | 'info' | 'isLevelEnabled' | 'warn'>
}

/** Errors of failed operations, whose ends are logged already. */
const OF_OPERATIONS: readonly ErrorEntry[] = [errors.OperationFailed, errors.DeletionFailed]

/** Responds to any failure with Azure's error envelope. */
export function handleError (failure: Failure, request: FastifyRequest, reply: FastifyReply,
  options: ErrorHandlerOptions): void {
  const error = toArmError(failure, request, options.log)
  respondWithError(error, request, reply, options)
  if (!OF_OPERATIONS.includes(error.entry)) logError(error, request, options)
}

export function respondWithError (error: ErrorResponse, request: FastifyRequest, reply: FastifyReply,
  { headers: azure }: Pick<ErrorHandlerOptions, 'headers'>): void {
  const { status, layer, headers, replacing, rateLimit = givenQuotas(error), charge, correlationId, close } = error
  const body = errorBody(error)
  const response = { status, layer, headers, replacing, rateLimit, charge, correlationId, body, close }
  respond(request, reply, httpResponse(request, response, { headers: azure }))
}

/** For a response whose own headers have the quotas. */
const GIVEN = rateLimit({ older: {}, current: {} })

/** The quotas in a scenario's headers, which replace those of the operation. */
function givenQuotas ({ layer, replacing = [] }: ErrorResponse): RateLimit | undefined {
  if (layer !== 'service') return undefined
  return replacing.some(name => name.toLowerCase() === 'x-ms-ratelimit-remaining-resource') ? GIVEN : undefined
}

export function logError ({ status, code, message, help }: ErrorResponse, request: FastifyRequest,
  { log }: Pick<ErrorHandlerOptions, 'log'>): void {
  const reason = help === undefined ? message : `${message} ${help}`
  logErrorResponse(log, request, { status, code, reason, ...commandOf(request) })
}

/** The machine and the command of a request, as far as they are known. */
function commandOf ({ vm, body }: FastifyRequest): { vm?: string, command?: string } {
  const command = (body as { readonly commandId?: unknown } | null | undefined)?.commandId
  return vm === undefined || typeof command !== 'string' ? {} : { vm: machineName(vm), command }
}

/** Converts an error of azrun, Fastify or ajv to an entry of the table. */
function toArmError (error: Failure, request: FastifyRequest, log: ErrorHandlerOptions['log']): ArmError {
  if (error instanceof ArmError) return error
  if (error instanceof RequestRefused) return new ArmError('RequestRefused', { header: error.header, value: error.value, rule: error.rule })
  if (error instanceof UnknownScenario) return new ArmError('UnknownScenario', { name: error.scenario, hint: error.hint || '.' })
  if (error instanceof ResourceBusy) return new ArmError(isRunCommand(request) ? 'RunCommandInProgress' : 'ConcurrentRequest')
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_INVALID_TYPE':
      return new ArmError('UnsupportedMediaType', { mediaType: request.headers['content-type'] ?? '<null>' })
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new ArmError('RequestContentTooLarge', { megabytes: request.routeOptions.bodyLimit / 1024 ** 2 })
    case 'FST_ERR_BAD_URL':
      return new ArmError('InvalidRequestUri', { url: request.url })
  }
  if (error.statusCode !== undefined && error.statusCode < 500) return new ArmError('BadRequest', { reason: reasonOf(error) })
  log.error(error)
  return new ArmError('InternalServerError', { reason: error.message })
}

function isRunCommand ({ operation }: FastifyRequest): boolean {
  return operation?.action?.endsWith('/runCommand/action') === true
}
