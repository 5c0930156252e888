import type { FastifyRequest } from 'fastify'
import { derivedId } from '../../core/ids.js'
import { DEFAULT_USER } from '../../identity/users.js'
import { EntraError } from '../errors/entra-error.js'
import { single } from '../forms.js'
import type { Handlers, Services } from '../handler-types.js'

type GraphHandlers = Pick<Handlers, 'Graph_GetMe' | 'Graph_ListOrganizations' | 'Graph_ListServicePrincipals'>

/** The part of Microsoft Graph that a login needs. */
export function graphHandlers ({ servicePrincipals, subscriptions }: Services): GraphHandlers {
  return {
    Graph_GetMe: async request => {
      const claims = await claimsOf(request)
      if (claims['idtyp'] === 'app') throw new EntraError('NotDelegated')
      const name = single(claims['upn']) ?? DEFAULT_USER
      const id = single(claims['oid']) ?? derivedId(name)
      return { id, displayName: name.split('@')[0]!, userPrincipalName: name }
    },
    Graph_ListOrganizations: async request => {
      const claims = await claimsOf(request)
      const id = single(claims['tid']) ?? subscriptions.default.tenantId
      const domain = { name: 'azrun.onmicrosoft.com', isDefault: true, isInitial: true, type: 'Managed', capabilities: '' }
      return { value: [{ id, displayName: 'azrun', verifiedDomains: [domain] }] }
    },
    Graph_ListServicePrincipals: async request => {
      await claimsOf(request)
      const [, clientId] = /'([^']+)'/.exec(single(request.query.$filter) ?? '') ?? []
      const found = clientId === undefined ? servicePrincipals.list() : [servicePrincipals.find(clientId) ?? []].flat()
      return { value: found.map(principal => servicePrincipal(principal.clientId, principal.objectId)) }
    }
  }
}

/** The token's claims, or none if it is not a JWT. It is not verified: no response here needs protection. */
async function claimsOf (request: FastifyRequest): Promise<Readonly<Record<string, unknown>>> {
  const [, token] = /^Bearer +(\S+)$/i.exec(single(request.headers.authorization) ?? '') ?? []
  if (token === undefined) throw new EntraError('GraphTokenMissing')
  const { decodeJwt } = await import('jose')
  try {
    return decodeJwt(token)
  } catch {
    return {}
  }
}

function servicePrincipal (appId: string, id: string) {
  return { id, appId, displayName: appId, servicePrincipalType: 'Application', servicePrincipalNames: [appId] }
}
