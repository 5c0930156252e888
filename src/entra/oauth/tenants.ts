import { GUID } from '../../core/guid.js'
import type { Subscriptions } from '../../resources/subscriptions.js'
import { EntraError } from '../errors/entra-error.js'

const DOMAIN = /^(?=.{1,253}$)[\da-z](?:[\da-z-]*[\da-z])?(?:\.[\da-z](?:[\da-z-]*[\da-z])?)+$/i

/** Names that stand for the user's own tenant. */
const ALIASES = ['common', 'organizations', 'consumers']

export interface Tenant {
  readonly tenantId: string
  /** The tenant's segment in response URLs: an alias is kept and a domain becomes the id, as in Entra. */
  readonly segment: string
  readonly kind: 'id' | 'alias' | 'adfs'
}

/** The tenant that a path segment names. Throws Entra's error for an invalid or unknown one. */
export function tenantOf (segment: string, subscriptions: Subscriptions): Tenant {
  const name = segment.toLowerCase()
  if (GUID.test(name)) {
    if (!subscriptions.hasTenant(name)) throw new EntraError('TenantNotFound', { tenant: segment })
    return { tenantId: name, segment: name, kind: 'id' }
  }
  const { tenantId } = subscriptions.default
  if (name === 'adfs') return { tenantId, segment: name, kind: 'adfs' }
  if (ALIASES.includes(name)) return { tenantId, segment: name, kind: 'alias' }
  if (!DOMAIN.test(name)) throw new EntraError('InvalidTenantIdentifier', { tenant: segment })
  return { tenantId, segment: tenantId, kind: 'id' }
}
