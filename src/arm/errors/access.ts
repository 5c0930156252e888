import type { ErrorEntry } from './entry.js'

/** The errors of authentication and authorization, which Resource Manager sends. */
export const accessErrors = {
  AuthenticationFailed: {
    status: 401,
    message: "Authentication failed. The 'Authorization' header is missing.",
    layer: 'gateway',
    source: 'recorded'
  },
  AuthorizationHeaderInvalid: {
    status: 401,
    code: 'AuthenticationFailed',
    message: "Authentication failed. The 'Authorization' header is not present or provided in an invalid format.",
    layer: 'gateway',
    source: 'recorded'
  },
  AccessTokenMissing: {
    status: 401,
    code: 'AuthenticationFailed',
    message: "Authentication failed. The 'Authorization' header is missing the access token.",
    layer: 'gateway',
    source: 'recorded'
  },
  InvalidAuthenticationToken: {
    status: 401,
    message: 'The access token is invalid.',
    layer: 'gateway',
    source: 'recorded'
  },
  ExpiredAuthenticationToken: {
    status: 401,
    message: "The access token expiry UTC time '{expiry}' is earlier than current UTC time '{now}'.",
    layer: 'gateway',
    source: 'recorded'
  },
  InvalidAuthenticationTokenAudience: {
    status: 401,
    message: "The access token has been obtained for wrong audience or resource '{audience}'. It should exactly match with one of the allowed audiences 'https://management.core.windows.net/','https://management.core.windows.net','https://management.azure.com/','https://management.azure.com'.",
    layer: 'gateway',
    source: 'recorded'
  },
  InvalidAuthenticationTokenTenant: {
    status: 401,
    message: "The access token is from the wrong issuer 'https://sts.windows.net/{tenant}/'. It must match the tenant 'https://sts.windows.net/{tenantId}/' associated with this subscription. Please use the authority (URL) 'https://login.windows.net/{tenantId}' to get the token. Note, if the subscription is transferred to another tenant there is no impact to the services, but information about new tenant could take time to propagate (up to an hour). If you just transferred your subscription and see this error message, please try back later.",
    layer: 'gateway',
    source: 'recorded'
  },
  ObjectIdMissing: {
    status: 401,
    code: 'InvalidAuthenticationToken',
    message: "The received access token is not valid: at least one of the claims 'puid' or 'altsecid' or 'oid' should be present. If you are accessing as application please make sure service principal is properly created in the tenant.",
    layer: 'gateway',
    source: 'recorded'
  },
  AuthorizationFailed: {
    status: 403,
    message: "The client '{client}' with object id '{objectId}' does not have authorization to perform action '{action}' over scope '{scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.",
    layer: 'gateway',
    close: true,
    source: 'recorded'
  }
} as const satisfies Record<string, ErrorEntry>
