import type { FastifyRequest } from 'fastify'
import { retryAfterHeader } from '../../http/retry-after.js'
import type { EffectValues, ErrorEffect } from '../../scenarios/scenario.js'
import { EntraError } from '../errors/entra-error.js'
import type { ErrorEntry } from '../errors/entry.js'
import { errors, type ErrorName } from '../errors/table.js'
import { single, type Form } from '../forms.js'

/** IMDS's errors, in turn, while an identity is not ready (documented: managed identities, retry guidance). */
const NOT_READY: readonly ErrorName[] = ['InstanceUpdating', 'InstanceGone', 'InstanceThrottled', 'InstanceFailed']

const table: Readonly<Record<string, ErrorEntry>> = errors

/**
 * The error of a scenario. `code` is an AADSTS code, such as `AADSTS7000215` or `7000215`, or the `error` of OAuth. The
 * table's entry fills in missing members.
 */
export function scenarioError (effect: ErrorEffect, request: FastifyRequest): EntraError {
  const { status, code, message, values, headers } = effect
  const number = numberOf(code)
  const known = entryOf(effect, number)
  const { status: own = 400, error = number === undefined ? code : 'invalid_request' } = known ?? {}
  const entry: ErrorEntry = {
    status: status ?? own,
    error,
    code: number ?? known?.code,
    message: message ?? known?.message ?? `${code}: an error of a scenario, which gives it no message.`,
    source: 'ours'
  }
  const all = message === undefined ? { ...valuesOf(request), ...values } : {}
  return new EntraError(entry, all, headers)
}

export function throttled (throttle: EffectValues['throttle'], { operation }: FastifyRequest, now: Date): EntraError {
  const isOfMachine = /^(imds|instance-metadata|cloud-shell)$/.test(operation?.errorForm ?? '')
  const name = isOfMachine ? 'InstanceThrottled' : 'TooManyRequests'
  return new EntraError(name, {}, Object.fromEntries([retryAfterHeader(throttle, now)]))
}

/** An outage of the service that issues tokens. */
export function loginError ({ operation }: FastifyRequest): EntraError {
  return new EntraError(operation?.errorForm === 'oauth' ? 'ServiceUnavailable' : 'InstanceFailed')
}

/** The error for a turn, which counts from 0. */
export function notReadyError (turn: number): EntraError {
  return new EntraError(NOT_READY[turn % NOT_READY.length]!)
}

function numberOf (code: string): number | undefined {
  const [, digits] = /^(?:AADSTS)?(\d+)$/i.exec(code) ?? []
  return digits === undefined ? undefined : Number(digits)
}

/** The entry that the effect names, else Azure's first one with its code. */
function entryOf ({ code, entry }: ErrorEffect, number: number | undefined): ErrorEntry | undefined {
  if (entry !== undefined && entry in table) return table[entry]
  return Object.values(table).find(entry => entry.source !== 'ours' && (number === undefined ? entry.error === code : entry.code === number))
}

/** The values of a request for the placeholders of the table. */
function valuesOf ({ params, query, body }: FastifyRequest): Readonly<Record<string, string>> {
  const form: Form = body instanceof Map ? body : new Map()
  const values = {
    tenant: (params as { tenant?: string }).tenant,
    clientId: form.get('client_id') ?? single((query as Readonly<Record<string, unknown>>)['client_id']),
    user: form.get('username'),
    grantType: form.get('grant_type'),
    scope: form.get('scope')
  }
  return Object.fromEntries(Object.entries(values).filter((pair): pair is [string, string] => pair[1] !== undefined))
}
