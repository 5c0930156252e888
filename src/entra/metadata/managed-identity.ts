import type { FastifyRequest } from 'fastify'
import { IMDS_ADDRESS } from '../../core/clouds.js'
import { hostNameOf } from '../../http/origin.js'
import type { Principal } from '../../identity/claims.js'
import type { IdentitySelector } from '../../identity/managed-identities.js'
import type { IssuedToken } from '../../identity/tokens.js'
import { lifetimeFor } from '../effects/hook.js'
import { EntraError } from '../errors/entra-error.js'
import type { ErrorName } from '../errors/table.js'
import { single, type Form } from '../forms.js'
import type { ResponseBody, Handlers, Services } from '../handler-types.js'
import { ArcKeys } from './arc-keys.js'

const DAY = 24 * 60 * 60

/** The api-versions that Azure Arc's clients send: azure-identity before it used MSAL, MSAL, azure-identity in Rust. */
const ARC_VERSIONS = ['2019-11-01', '2020-06-01', '2021-02-01']

type IdentityHandlers =
  Pick<Handlers, 'ManagedIdentity_GetAppService' | 'ManagedIdentity_PostCloudShell' | 'ManagedIdentity_GetInstance'>

type Values = Readonly<Record<string, unknown>>

type Errors = Readonly<Record<'unknown' | 'ambiguous' | 'withoutResource', ErrorName>>

interface IdentityToken {
  readonly issued: IssuedToken
  readonly principal: Principal
  readonly resource: string
}

/** The errors for a missing identity or resource. Services have their own words. */
const VIRTUAL_MACHINE = {
  unknown: 'IdentityNotFound', ambiguous: 'IdentityAmbiguous', withoutResource: 'ResourceMissing'
} as const
const CLOUD_SHELL = { ...VIRTUAL_MACHINE, withoutResource: 'CloudShellAudienceMissing' } as const
const APP_SERVICE = {
  unknown: 'AppServiceIdentityNotFound', ambiguous: 'AppServiceIdentityNotFound', withoutResource: 'ResourceMissing'
} as const

/** The token endpoints of managed identity, each in its service's form. Callers need no credential of their own. */
export function identityHandlers (services: Services, arcKeys: ArcKeys): IdentityHandlers {
  const issue = async (request: FastifyRequest, values: Values, errors: Errors): Promise<IdentityToken> => {
    const resource = single(values['resource'])
    if (resource === undefined) throw new EntraError(errors.withoutResource)
    const principal = services.managedIdentities.find(selectorOf(values))
    if (typeof principal === 'string') throw new EntraError(errors[principal])
    const { tenantId } = services.subscriptions.default
    const token = { tenantId, audience: resource, principal, credential: 'certificate', lifetime: DAY } as const
    return { resource, principal, issued: await services.tokens.issue({ ...token, ...lifetimeFor(request) }) }
  }
  return {
    ManagedIdentity_GetAppService: async request => {
      const version = single(request.query['api-version'])
      if (version === undefined) throw new EntraError('ApiVersionMissing')
      requireIdentityHeader(request, version, services.identityHeader)
      return asAppService(await issue(request, request.query, APP_SERVICE), version)
    },
    ManagedIdentity_PostCloudShell: async request => {
      requireMetadata(request, 'CloudShellHeaderMissing')
      return asInstance(await issue(request, Object.fromEntries(request.body ?? (new Map() as Form)), CLOUD_SHELL))
    },
    ManagedIdentity_GetInstance: async request => {
      requireMetadata(request, 'MetadataHeaderMissing')
      const version = single(request.query['api-version'])
      if (version === undefined) throw new EntraError('ApiVersionMissing')
      if (ARC_VERSIONS.includes(version) && hostNameOf(request) !== IMDS_ADDRESS) {
        await arcKeys.check(single(request.headers.authorization))
      }
      return asInstance(await issue(request, request.query, VIRTUAL_MACHINE))
    }
  }
}

/** Services differ in their names for the three ids. */
function selectorOf (values: Values): IdentitySelector {
  const first = (...names: string[]) => names.map(name => single(values[name])).find(value => value !== undefined)
  return {
    clientId: first('client_id', 'clientid'),
    objectId: first('object_id', 'principal_id'),
    resourceId: first('mi_res_id', 'msi_res_id')
  }
}

export function requireMetadata ({ headers }: FastifyRequest, error: ErrorName): void {
  if (single(headers['metadata'])?.toLowerCase() !== 'true') throw new EntraError(error)
}

function requireIdentityHeader ({ headers }: FastifyRequest, version: string, expected: string | undefined): void {
  const header = version < '2019' ? 'secret' : 'X-IDENTITY-HEADER'
  const given = single(headers[header.toLowerCase()])
  if (given === undefined || (expected !== undefined && given !== expected)) {
    throw new EntraError('IdentityHeaderMissing', { header })
  }
}

/** Recorded: azure-sdk-for-python #11346; the time of 2017-09-01 has the format that azure-cli parses. */
function asAppService ({ issued, principal, resource }: IdentityToken, version: string): ResponseBody<'ManagedIdentity_GetAppService'> {
  const { token, expiresOn } = issued
  return {
    access_token: token,
    expires_on: version < '2019' ? dateTime(expiresOn) : `${expiresOn}`,
    resource,
    token_type: 'Bearer',
    client_id: principal.clientId
  }
}

/** Recorded: burmilla/os-services quotes a response of March 2024. */
function asInstance ({ issued, principal, resource }: IdentityToken): ResponseBody<'ManagedIdentity_GetInstance'> {
  const { token, expiresIn, expiresOn, notBefore } = issued
  return {
    access_token: token,
    client_id: principal.clientId,
    expires_in: `${expiresIn}`,
    expires_on: `${expiresOn}`,
    ext_expires_in: `${expiresIn}`,
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
