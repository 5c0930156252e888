import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { RequestRefused } from '../plugins/guard.js'
import { sendAnswer } from './answer.js'
import { invalidBody, missing, type Violation } from './body.js'
import { ArmError, errorBody } from './errors.js'
import type { ArmHeaders } from './headers.js'

export type Failure = ArmError | RequestRefused | FastifyError

export interface FailureOptions {
  readonly headers: ArmHeaders
  /** Is told of what is a defect of azrun. */
  readonly log: Pick<Logger, 'error'>
}

/** Answers a failure, whatever it is, in Azure's envelope. */
export function answerFailure (failure: Failure, request: FastifyRequest, reply: FastifyReply,
  { headers, log }: FailureOptions): void {
  const error = toArmError(failure, request, log)
  const { status, layer } = error
  sendAnswer(request, reply, headers, { status, layer, headers: error.headers, body: errorBody(error) })
}

/** The error of the table that says what went wrong, whoever found it: us, Fastify or ajv. */
function toArmError (error: Failure, request: FastifyRequest, log: FailureOptions['log']): ArmError {
  if (error instanceof ArmError) return error
  if (error instanceof RequestRefused) return new ArmError('RequestRefused', { header: error.header, value: error.value, rule: error.rule })
  if (error.validation !== undefined) return invalidRequest(error, request)
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_INVALID_TYPE':
      return new ArmError('UnsupportedMediaType', { mediaType: request.headers['content-type'] ?? '<null>' })
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new ArmError('RequestEntityTooLarge', { limit: request.routeOptions.bodyLimit })
    case 'FST_ERR_BAD_URL':
      return new ArmError('InvalidRequestUri', { url: request.url })
  }
  if (error.statusCode !== undefined && error.statusCode < 500) return new ArmError('BadRequest', { reason: error.message.replace(/\.$/, '') })
  log.error(error)
  return new ArmError('InternalServerError', { reason: error.message })
}

function invalidRequest ({ validation, validationContext }: FastifyError, request: FastifyRequest): ArmError {
  const violation = validation![0] as Violation & { message?: string }
  if (validationContext === 'body') {
    return request.bodyText.trim() === '' ? missing('body') : invalidBody(violation, request.bodyText, 'RunCommandInput')
  }
  const parameter = violation.instancePath.slice(1)
  const value = `${(request.params as Record<string, string>)[parameter]}`
  return new ArmError('InvalidValue', { parameter, value, rule: violation.message ?? 'is not valid' })
}
