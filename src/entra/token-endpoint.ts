import type { FastifyRequest } from 'fastify'
import { originOf } from '../plugins/origin.js'
import type { Answer, Handlers, Services } from './contract.js'
import { grantHandlers, type Granted } from './grants.js'
import { EntraError } from './errors.js'
import { required, type Form } from './requests.js'
import { tenantOf, type Tenant } from './tenants.js'

export interface TokenRequest {
  readonly form: Form
  readonly tenant: Tenant
  readonly version: 1 | 2
  readonly origin: string
  readonly request: FastifyRequest
}

/** The token endpoints of both versions: the grants are the same, their answers differ in form. */
export function tokenHandlers (services: Services): Pick<Handlers, 'Tokens_IssueV1' | 'Tokens_IssueV2'> {
  const grants = grantHandlers(services)
  const grant = async (request: FastifyRequest, version: 1 | 2): Promise<Granted> => {
    const { tenant: segment } = request.params as { tenant: string }
    const tenant = tenantOf(segment, services.subscriptions)
    const form = (request.body ?? new Map()) as Form
    const grantType = required(form, 'grant_type')
    const handler = grants.get(grantType)
    if (handler === undefined) throw new EntraError('UnsupportedGrantType', { grantType })
    return await handler({ form, tenant, version, origin: originOf(request), request })
  }
  return {
    Tokens_IssueV1: async request => {
      const granted = await grant(request, 1)
      return request.params.tenant.toLowerCase() === 'adfs' ? asVersion2(granted) : asVersion1(granted)
    },
    Tokens_IssueV2: async request => asVersion2(await grant(request, 2))
  }
}

function asVersion2 ({ issued, user }: Granted): Answer<'Tokens_IssueV2'> {
  const { token, expiresIn } = issued
  return { token_type: 'Bearer', expires_in: expiresIn, ext_expires_in: expiresIn, access_token: token, ...user }
}

/** Numbers are text (documented: the client credentials flow of version 1.0). */
function asVersion1 ({ issued, audience, user }: Granted): Answer<'Tokens_IssueV1'> {
  const { token, expiresIn, expiresOn, notBefore } = issued
  return {
    token_type: 'Bearer',
    expires_in: `${expiresIn}`,
    ext_expires_in: `${expiresIn}`,
    expires_on: `${expiresOn}`,
    not_before: `${notBefore}`,
    resource: audience,
    access_token: token,
    ...user
  }
}
