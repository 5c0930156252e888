import { derivedId } from '../core/ids.js'
import { UsageError } from '../core/usage-error.js'
import type { ServicePrincipal, ServicePrincipals } from './service-principals.js'
import type { Tokens } from './tokens.js'

export interface DirectTokenOptions {
  /** The application that the token identifies. Default: the first declared one, or one that azrun makes up. */
  readonly clientId?: string
  /** Seconds by azrun's clock; `-600` for a token that has expired. Default: an hour. */
  readonly lifetime?: number
}

export interface DirectTokenParts {
  readonly tokens: Tokens
  readonly servicePrincipals: ServicePrincipals
  readonly tenantId: string
}

const AUDIENCE = 'https://management.azure.com'
const MADE_UP = derivedId('azrun: a token without a login')

/**
 * A token for Azure Resource Manager, for a program in the same process, without the login that a scenario may break.
 * Rejects with a `UsageError` for an application that does not exist, a lifetime that is no number, and other options.
 */
export async function directToken ({ tokens, servicePrincipals, tenantId }: DirectTokenParts,
  { clientId, lifetime, ...unknown }: DirectTokenOptions): Promise<string> {
  const [name] = Object.keys(unknown)
  if (name !== undefined) throw new UsageError(`'${name}' is not an option of issueToken: it has clientId and lifetime`)
  if (lifetime !== undefined && !Number.isFinite(lifetime)) {
    throw new UsageError(`'lifetime' of issueToken must be a number of seconds, not ${typeof lifetime === 'string' ? `"${lifetime}"` : lifetime}`)
  }
  const { objectId, ...application } = applicationOf(servicePrincipals, clientId)
  const principal = { kind: 'app', clientId: application.clientId, objectId } as const
  return (await tokens.issue({ tenantId, audience: AUDIENCE, principal, lifetime })).token
}

function applicationOf (servicePrincipals: ServicePrincipals, clientId: string | undefined):
Pick<ServicePrincipal, 'clientId' | 'objectId'> {
  const [first] = servicePrincipals.list()
  if (clientId === undefined) return first ?? { clientId: MADE_UP, objectId: derivedId(MADE_UP) }
  const found = servicePrincipals.find(clientId)
  if (found !== undefined) return found
  throw new UsageError(`there is no application with the client id '${clientId}': declare it in servicePrincipals`)
}
