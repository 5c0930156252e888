import type { Subscriptions } from '../core/subscriptions.js'
import { EntraError } from './errors.js'

const GUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i
const DOMAIN = /^(?=.{1,253}$)[\da-z](?:[\da-z-]*[\da-z])?(?:\.[\da-z](?:[\da-z-]*[\da-z])?)+$/i

/** Stands for whichever tenant the user turns out to be of. */
const ALIASES = ['common', 'organizations', 'consumers']

export interface Tenant {
  readonly tenantId: string
  /** How URLs of answers name it: an alias stays one, a domain becomes the id, as Entra has it. */
  readonly segment: string
  readonly kind: 'id' | 'alias' | 'adfs'
}

/** The tenant that a path names. Throws Entra's error for one that is none. */
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
