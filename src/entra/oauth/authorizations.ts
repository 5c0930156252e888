import { EntraError } from '../errors/entra-error.js'
import type { Handlers } from '../handler-types.js'

/** Interactive sign-in, which azrun does not support. The page lists the ways to log in. */
export function authorizationHandlers (): Pick<Handlers, 'Authorizations_BeginV1' | 'Authorizations_BeginV2'> {
  const refuse = (): never => { throw new EntraError('InteractiveSignIn') }
  return { Authorizations_BeginV1: refuse, Authorizations_BeginV2: refuse }
}
