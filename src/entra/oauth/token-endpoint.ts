import type { FastifyRequest } from 'fastify'
import { originOf } from '../../http/origin.js'
import { EntraError } from '../errors/entra-error.js'
import { required, type Form } from '../forms.js'
import type { ResponseBody, Handlers, Services } from '../handler-types.js'
import { grantHandlers, type Granted } from './grants.js'
import { tenantOf } from './tenants.js'

/** The token endpoints of both versions: their grants are the same, their responses differ in form. */
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

function asVersion2 ({ issued, user }: Granted): ResponseBody<'Tokens_IssueV2'> {
  const { token, expiresIn } = issued
  return { token_type: 'Bearer', expires_in: expiresIn, ext_expires_in: expiresIn, access_token: token, ...user }
}

/** Numbers are strings (documented: the client credentials flow of version 1.0). */
function asVersion1 ({ issued, audience, user }: Granted): ResponseBody<'Tokens_IssueV1'> {
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
