import type { FastifyRequest } from 'fastify'
import { instanceName, VIRTUAL_MACHINE } from '../../core/resource-id.js'
import type { Subscriptions } from '../../resources/subscriptions.js'
import type { ErrorEffect } from '../../scenarios/scenario.js'
import type { Clock } from '../../time/clock.js'
import { challenge, claimsIn, EXPIRED, expiryTimes, INVALID, tenantOf, tokenOf } from '../authentication.js'
import { actionOf, clientOf, scopeOf } from '../authorization.js'
import type { ErrorResponse } from '../error-handler.js'
import { fill } from '../errors/arm-error.js'
import type { ErrorEntry } from '../errors/entry.js'
import { errors } from '../errors/table.js'
import { shownAs } from '../resources/finder.js'
import type { NamedResources } from '../resources/ids.js'

export interface ErrorContext {
  readonly clock: Clock
  readonly subscriptions: Subscriptions
  readonly documents: { find (commandId: string): { readonly osType: 'Linux' | 'Windows' } | undefined }
}

type Values = Readonly<Record<string, string | undefined>>

/** The object id without a token or if it is not a JSON Web Token. */
const UNKNOWN_OBJECT = '00000000-0000-0000-0000-000000000000'

const table: Readonly<Record<string, ErrorEntry>> = errors

/**
 * The response of a scenario's error. The table's entry fills in missing members. An unknown code has the form of the
 * layer that serves the operation.
 */
export async function scenarioError (effect: ErrorEffect, request: FastifyRequest,
  context: ErrorContext): Promise<ErrorResponse> {
  const { status, code, message, values, details, headers = {} } = effect
  const entry = entryOf(effect)
  const { layer, service } = entry ?? senderOf(request)
  const all = { ...await valuesOf(request, context), ...values }
  const sent = entry?.status ?? 400
  // Of names that differ only in case, the last one counts.
  const own = [...new Map(Object.entries(headers).map(header => [header[0].toLowerCase(), header])).values()]
  const challenged = (status ?? sent) === 401 && !own.some(([name]) => name.toLowerCase() === 'www-authenticate')
  return {
    status: status ?? sent,
    code,
    message: message ?? fill(entry?.message ?? `${code}: an error of a scenario, which gives it no message.`, all),
    ...entry?.target !== undefined && { target: fill(entry.target, all) },
    details,
    layer,
    ...service !== undefined && { service },
    close: entry?.close ?? false,
    headers: challenged ? challenge(all['tenantId']!, CHALLENGES[code]) : [],
    replacing: own.flat()
  }
}

/** The descriptions in challenges, except for a missing header. */
const CHALLENGES: Readonly<Record<string, string>> = {
  ExpiredAuthenticationToken: EXPIRED,
  InvalidAuthenticationToken: INVALID
}

/** Who sends an error that is not in the table: the service that the operation is of. */
function senderOf ({ operation }: FastifyRequest): Pick<ErrorEntry, 'layer' | 'service'> {
  switch (operation?.apiVersions) {
    case 'compute': return { layer: 'service' }
    case 'network': return { layer: 'service', service: 'Network' }
    case 'resourceGraph': return { layer: 'service', service: 'Resource Graph' }
    default: return { layer: 'gateway' }
  }
}

/** The entry that the effect names, else Azure's first one with its code. */
function entryOf ({ code, entry }: ErrorEffect): ErrorEntry | undefined {
  if (entry !== undefined && entry in table) return table[entry]
  return Object.entries(table).find(([name, { code: own = name, source }]) => own === code && source !== 'ours')?.[1]
}

/** The values of a request for the placeholders of the table. */
export async function valuesOf (request: FastifyRequest,
  { clock, subscriptions, documents }: ErrorContext): Promise<Values> {
  const { params, resourceId, named, apiVersion, method, url, operation, polled } = request
  const { subscriptionId, resourceGroupName, vmName, vmScaleSetName, instanceId } = params as Values
  const { commandId = polled?.commandId ?? '' } = (request.body ?? {}) as { commandId?: string }
  const claims = await claimsIn(tokenOf(request)) ?? {}
  const { oid: objectId = UNKNOWN_OBJECT, tid: tenant = UNKNOWN_OBJECT, aud: audience } = claims
  const commandOs = documents.find(commandId)?.osType
  const machine = vmName ?? polled?.vmName
  const now = clock.now()
  return {
    subscriptionId,
    resourceGroup: resourceGroupName ?? polled?.resourceGroup,
    type: polled?.vmName === undefined ? typeOf(named) : VIRTUAL_MACHINE,
    name: machine ?? resourceId?.name,
    vmName: machine ?? (instanceId === undefined ? undefined : instanceName(vmScaleSetName!, instanceId)),
    namespace: operation?.resourceType?.split('/')[0],
    operation: /([^/]+)\/action$/.exec(operation?.action ?? '')?.[1],
    parent: vmScaleSetName ?? vmName,
    instanceId,
    apiVersion,
    method,
    path: url.split('?')[0],
    url,
    action: actionOf(request),
    scope: scopeOf(request),
    client: clientOf(claims) ?? objectId,
    objectId,
    tenant,
    tenantId: tenantOf(subscriptions, subscriptionId),
    audience,
    ...expiryTimes(claims.exp ?? Math.floor(now.getTime() / 1000) - 1, now),
    commandOs,
    vmOs: commandOs === 'Linux' ? 'Windows' : 'Linux'
  }
}

/** The type for a message; for an instance it contains the name of the set. */
function typeOf (named: NamedResources | undefined): string | undefined {
  return named?.scaleSet === undefined ? named?.resource.type : shownAs(named.resource).type
}
