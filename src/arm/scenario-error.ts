import type { FastifyRequest } from 'fastify'
import type { ErrorEffect } from '../scenarios/scenario.js'
import { ArmError, errors, type ErrorEntry } from './errors.js'

/** The error that a scenario asks for. */
export function scenarioError (effect: ErrorEffect, _request: FastifyRequest): ArmError {
  const { code, headers = {} } = effect
  const [, entry] = (Object.entries(errors) as [string, ErrorEntry][])
    .find(([name, { code: known = name }]) => known === code) ?? []
  const { status = entry?.status ?? 400, message = entry?.message ?? code } = effect
  const error = new ArmError('OperationFailed', { code, message }, Object.entries(headers).flat())
  return Object.assign(error, { status, layer: entry?.layer ?? error.layer, entry })
}
