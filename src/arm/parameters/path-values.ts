import type { FastifyRequest } from 'fastify'
import { ArmError } from '../errors/arm-error.js'

/** A hook that refuses values of path parameters against the contract. */
export function checkParams ({ operation, params }: FastifyRequest, _reply: unknown,
  done: (error?: Error) => void): void {
  const check = operation?.checkParams
  if (check === undefined || check(params)) { done(); return }
  const { instancePath, message: rule = 'is not valid' } = check.errors![0]!
  const parameter = instancePath.slice(1)
  done(new ArmError('InvalidValue', { parameter, value: (params as Record<string, string>)[parameter]!, rule }))
}
