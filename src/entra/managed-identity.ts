import type { FastifyRequest } from 'fastify'
import { INSTANCE_METADATA } from '../core/clouds.js'
import { ManagedIdentities, type IdentitySelector } from '../identity/managed-identities.js'
import type { IssuedToken, Principal } from '../identity/tokens.js'
import { ArcKeys } from './arc-keys.js'
import type { Answer, Handlers, Services } from './contract.js'
import { EntraError } from './errors.js'
import { hostNameOf, single, type Form } from './requests.js'

const DAY = 24 * 60 * 60

/** As Azure Arc's clients ask: azure-identity before it used MSAL, and MSAL. */
const ARC_VERSIONS = ['2019-11-01', '2020-06-01']

type IdentityHandlers =
  Pick<Handlers, 'ManagedIdentity_GetAppService' | 'ManagedIdentity_PostCloudShell' | 'ManagedIdentity_GetInstance'>

type Values = Readonly<Record<string, unknown>>

interface IdentityToken {
  readonly issued: IssuedToken
  readonly principal: Principal
  readonly resource: string
}

/** The endpoints that answer to whoever reaches them, in the form of each of Azure's services that has one. */
export function identityHandlers (services: Services, arcKeys: ArcKeys): IdentityHandlers {
  const identities = new ManagedIdentities(services)
  const issue = async (values: Values): Promise<IdentityToken> => {
    const resource = single(values['resource'])
    if (resource === undefined) throw new EntraError('AudienceMissing')
    const principal = identities.find(selectorOf(values))
    const { tenantId } = services.subscriptions.default
    const request = { tenantId, audience: resource, principal, credential: 'certificate', lifetime: DAY } as const
    return { resource, principal, issued: await services.tokens.issue(request) }
  }
  return {
    ManagedIdentity_GetAppService: async request => {
      const version = single(request.query['api-version'])
      if (version === undefined) throw new EntraError('ApiVersionMissing')
      requireIdentityHeader(request, version, services.identityHeader)
      return asAppService(await issue(request.query), version)
    },
    ManagedIdentity_PostCloudShell: async request => {
      requireMetadata(request)
      return asInstance(await issue(Object.fromEntries(request.body ?? (new Map() as Form))))
    },
    ManagedIdentity_GetInstance: async request => {
      requireMetadata(request)
      const version = single(request.query['api-version'])
      if (version === undefined) throw new EntraError('ApiVersionMissing')
      if (ARC_VERSIONS.includes(version) && hostNameOf(request) !== INSTANCE_METADATA) {
        await arcKeys.check(single(request.headers.authorization))
      }
      return asInstance(await issue(request.query))
    }
  }
}

/** Each service has its own names for the three ways. */
function selectorOf (values: Values): IdentitySelector {
  const first = (...names: string[]) => names.map(name => single(values[name])).find(value => value !== undefined)
  return {
    clientId: first('client_id', 'clientid'),
    objectId: first('object_id', 'principal_id'),
    resourceId: first('mi_res_id', 'msi_res_id')
  }
}

export function requireMetadata (request: FastifyRequest): void {
  if (single(request.headers['metadata'])?.toLowerCase() !== 'true') throw new EntraError('MetadataHeaderMissing')
}

function requireIdentityHeader ({ headers }: FastifyRequest, version: string, expected: string | undefined): void {
  const header = version < '2019' ? 'secret' : 'X-IDENTITY-HEADER'
  const given = single(headers[header.toLowerCase()])
  if (given === undefined || (expected !== undefined && given !== expected)) {
    throw new EntraError('IdentityHeaderMissing', { header })
  }
}

/** Recorded: azure-sdk-for-python #11346; the time of 2017-09-01 is as azure-cli reads it. */
function asAppService ({ issued, principal, resource }: IdentityToken, version: string): Answer<'ManagedIdentity_GetAppService'> {
  const { token, expiresOn } = issued
  return {
    access_token: token,
    expires_on: version < '2019' ? dateTime(expiresOn) : `${expiresOn}`,
    resource,
    token_type: 'Bearer',
    client_id: principal.clientId
  }
}

/** Documented: how to use managed identities to acquire a token. */
function asInstance ({ issued, principal, resource }: IdentityToken): Answer<'ManagedIdentity_GetInstance'> {
  const { token, expiresIn, expiresOn, notBefore } = issued
  return {
    access_token: token,
    client_id: principal.clientId,
    expires_in: `${expiresIn}`,
    ext_expires_in: `${expiresIn}`,
    expires_on: `${expiresOn}`,
    not_before: `${notBefore}`,
    resource,
    token_type: 'Bearer'
  }
}

/** `11/05/2021 15:18:31 +00:00` */
function dateTime (seconds: number): string {
  const [date = '', time = ''] = new Date(seconds * 1000).toISOString().split('T')
  const [year, month, day] = date.split('-')
  return `${month}/${day}/${year} ${time.slice(0, 8)} +00:00`
}
