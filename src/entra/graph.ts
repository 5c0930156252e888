import type { FastifyRequest } from 'fastify'
import { decodeJwt } from 'jose'
import { DEFAULT_USER, userOf } from '../identity/users.js'
import type { Handlers, Services } from './contract.js'
import { EntraError } from './errors.js'
import { single } from './requests.js'

type GraphHandlers = Pick<Handlers, 'Graph_GetMe' | 'Graph_ListOrganizations' | 'Graph_ListServicePrincipals'>

/** As much of Microsoft Graph as a login asks. */
export function graphHandlers ({ servicePrincipals, subscriptions }: Services): GraphHandlers {
  return {
    Graph_GetMe: request => {
      const claims = claimsOf(request)
      if (claims['idtyp'] === 'app') throw new EntraError('NotDelegated')
      const name = single(claims['upn']) ?? DEFAULT_USER
      const id = single(claims['oid']) ?? userOf(name, '').objectId
      return { id, displayName: name.split('@')[0]!, userPrincipalName: name }
    },
    Graph_ListOrganizations: request => {
      const id = single(claimsOf(request)['tid']) ?? subscriptions.default.tenantId
      const domain = { name: 'azrun.onmicrosoft.com', isDefault: true, isInitial: true, type: 'Managed', capabilities: '' }
      return { value: [{ id, displayName: 'azrun', verifiedDomains: [domain] }] }
    },
    Graph_ListServicePrincipals: request => {
      claimsOf(request)
      const [, clientId] = /'([^']+)'/.exec(single(request.query.$filter) ?? '') ?? []
      const found = clientId === undefined ? servicePrincipals.list() : [servicePrincipals.find(clientId) ?? []].flat()
      return { value: found.map(each => servicePrincipal(each.clientId, each.objectId)) }
    }
  }
}

/** What the token says of itself, if it says anything: nothing here is worth a check. */
function claimsOf (request: FastifyRequest): Readonly<Record<string, unknown>> {
  const [, token] = /^Bearer +(\S+)$/i.exec(single(request.headers.authorization) ?? '') ?? []
  if (token === undefined) throw new EntraError('GraphTokenMissing')
  try {
    return decodeJwt(token)
  } catch {
    return {}
  }
}

function servicePrincipal (appId: string, id: string) {
  return { id, appId, displayName: appId, servicePrincipalType: 'Application', servicePrincipalNames: [appId] }
}
