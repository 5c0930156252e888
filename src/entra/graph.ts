import type { FastifyRequest } from 'fastify'
import { loadJose } from '../identity/jose.js'
import { DEFAULT_USER, userOf } from '../identity/users.js'
import type { Handlers, Services } from './contract.js'
import { EntraError } from './errors.js'
import { single } from './requests.js'

type GraphHandlers = Pick<Handlers, 'Graph_GetMe' | 'Graph_ListOrganizations' | 'Graph_ListServicePrincipals'>

/** As much of Microsoft Graph as a login asks. */
export function graphHandlers ({ servicePrincipals, subscriptions }: Services): GraphHandlers {
  return {
    Graph_GetMe: async request => {
      const claims = await claimsOf(request)
      if (claims['idtyp'] === 'app') throw new EntraError('NotDelegated')
      const name = single(claims['upn']) ?? DEFAULT_USER
      const id = single(claims['oid']) ?? userOf(name, '').objectId
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
      return { value: found.map(each => servicePrincipal(each.clientId, each.objectId)) }
    }
  }
}

/** What the token says of itself, if it says anything: nothing here is worth a check. */
async function claimsOf (request: FastifyRequest): Promise<Readonly<Record<string, unknown>>> {
  const [, token] = /^Bearer +(\S+)$/i.exec(single(request.headers.authorization) ?? '') ?? []
  if (token === undefined) throw new EntraError('GraphTokenMissing')
  const { decodeJwt } = await loadJose()
  try {
    return decodeJwt(token)
  } catch {
    return {}
  }
}

function servicePrincipal (appId: string, id: string) {
  return { id, appId, displayName: appId, servicePrincipalType: 'Application', servicePrincipalNames: [appId] }
}
