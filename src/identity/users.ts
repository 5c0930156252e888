import type { Principal } from './claims.js'
import { derivedId } from '../core/derived-id.js'

/** Who signs in where nobody says who does, as by a device code. */
export const DEFAULT_USER = 'user@azrun.onmicrosoft.com'

/** Every user exists; the object id follows from the name. */
export function userOf (name: string, clientId: string): Extract<Principal, { kind: 'user' }> {
  return { kind: 'user', clientId, objectId: derivedId(name), name }
}
