import type { FastifyRequest } from 'fastify'
import { hostNameOf } from '../../http/origin.js'
import { isSecretOf, type ServicePrincipal } from '../../identity/service-principals.js'
import { EntraError } from '../errors/entra-error.js'
import { optional, single, type Form } from '../forms.js'
import type { Services } from '../handler-types.js'
import { checkAssertion } from './client-assertion.js'
import type { Tenant } from './tenants.js'

export interface ClientRequest {
  readonly form: Form
  readonly tenant: Tenant
  readonly request: FastifyRequest
}

export interface Client extends ServicePrincipal {
  /** How it authenticated. */
  readonly credential: 'none' | 'secret' | 'certificate'
}

/**
 * The application that sent the request, and its credential. `none` means that it sent none: the grant decides whether
 * it needs one. Throws Entra's error for an unknown application and for a wrong credential.
 */
export async function authenticate ({ form, tenant, request }: ClientRequest, services: Services): Promise<Client> {
  const basic = basicCredentials(single(request.headers.authorization))
  const clientId = optional(form, 'client_id') ?? basic?.clientId
  if (clientId === undefined) throw new EntraError('MissingParameter', { parameter: 'client_id' })
  const found = services.servicePrincipals.find(clientId)
  if (found === undefined) throw new EntraError('ApplicationNotFound', { clientId, tenant: tenant.tenantId })
  const assertion = optional(form, 'client_assertion')
  const secret = optional(form, 'client_secret') ?? basic?.clientSecret
  if (found.isPublic === true && (assertion ?? secret) !== undefined) throw new EntraError('PublicClient')
  if (assertion !== undefined) {
    await checkAssertion(assertion, found, { ...services, tenant, host: hostNameOf(request) })
    return { ...found, credential: 'certificate' }
  }
  if (secret === undefined) return { ...found, credential: 'none' }
  if (!isSecretOf(found, secret)) throw new EntraError('InvalidClientSecret', { clientId })
  return { ...found, credential: 'secret' }
}

/** RFC 6749: the id and the secret are form-encoded before they are joined. */
function basicCredentials (authorization: string | undefined): { clientId: string, clientSecret: string } | undefined {
  const [, encoded] = /^Basic +([\w+/=-]+)$/i.exec(authorization ?? '') ?? []
  if (encoded === undefined) return undefined
  const [clientId = '', ...rest] = Buffer.from(encoded, 'base64').toString().split(':')
  return { clientId: decoded(clientId), clientSecret: decoded(rest.join(':')) }
}

function decoded (text: string): string {
  return new URLSearchParams(`value=${text.replaceAll('&', '%26')}`).get('value') ?? ''
}
