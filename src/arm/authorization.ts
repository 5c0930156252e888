import { ArmError } from './errors.js'

/** Throws Azure's 401, which names the tenant, unless the header holds a bearer token; whose it is does not matter. */
export function requireBearer (authorization: string | undefined, tenantId: () => string): void {
  if (authorization === undefined) throw new ArmError('AuthenticationFailed', {}, challenge(tenantId()))
  if (/^Bearer +\S/i.test(authorization)) return
  const name = /^Bearer *$/i.test(authorization) ? 'AccessTokenMissing' : 'AuthorizationHeaderInvalid'
  throw new ArmError(name, {}, challenge(tenantId()))
}

/** Recorded verbatim in the tests of azcore, azure-sdk-for-net and azure-identity. */
function challenge (tenantId: string): string[] {
  return ['WWW-Authenticate', `Bearer authorization_uri="https://login.windows.net/${tenantId}", error="invalid_token", ` +
    'error_description="The authentication failed because of missing \'Authorization\' header."']
}
