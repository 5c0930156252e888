import type { ErrorEntry } from './entry.js'

/** Entra's errors. Recorded texts are from issues of Azure's SDKs and of MSAL, if no other source is named. */
export const loginErrors = {
  UnknownInstance: { status: 400, error: 'invalid_instance', code: 50049, message: 'Unknown or invalid instance.', source: 'recorded' },
  TenantNotFound: {
    status: 400,
    error: 'invalid_tenant',
    code: 90002,
    message: "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.",
    source: 'recorded'
  },
  InvalidTenantIdentifier: {
    status: 400,
    error: 'invalid_request',
    code: 900023,
    message: "Specified tenant identifier '{tenant}' is neither a valid DNS name, nor a valid external domain.",
    source: 'recorded'
  },
  MissingParameter: {
    status: 400,
    error: 'invalid_request',
    code: 900144,
    message: "The request body must contain the following parameter: '{parameter}'.",
    source: 'recorded'
  },
  DuplicateParameter: {
    status: 400,
    error: 'invalid_request',
    code: 9000411,
    message: "The request is not properly formatted. The parameter '{parameter}' is duplicated.",
    source: 'recorded'
  },
  MethodNotAllowed: {
    status: 400,
    error: 'invalid_request',
    code: 900561,
    message: 'The endpoint only accepts {allowed} requests. Received a {method} request.',
    source: 'recorded'
  },
  UnsupportedGrantType: {
    status: 400,
    error: 'unsupported_grant_type',
    code: 70003,
    message: "The app requested an unsupported grant type '{grantType}'.",
    source: 'recorded'
  },
  ApplicationNotFound: {
    status: 400,
    error: 'unauthorized_client',
    code: 700016,
    message: "Application with identifier '{clientId}' was not found in the directory '{tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.",
    source: 'recorded'
  },
  MissingCredential: {
    status: 401,
    error: 'invalid_client',
    code: 7000218,
    message: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    source: 'recorded'
  },
  InvalidClientSecret: {
    status: 401,
    error: 'invalid_client',
    code: 7000215,
    message: "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{clientId}'.",
    source: 'recorded'
  },
  PublicClient: {
    status: 401,
    error: 'invalid_client',
    code: 700025,
    message: "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
    source: 'recorded'
  },
  UserNotFound: {
    status: 400,
    error: 'invalid_grant',
    code: 50034,
    message: 'The user account {user} does not exist in the {tenant} directory. To sign into this application, the account must be added to the directory.',
    source: 'recorded'
  },
  InvalidPassword: {
    status: 400,
    error: 'invalid_grant',
    code: 50126,
    message: 'Error validating credentials due to invalid username or password.',
    source: 'recorded'
  },
  MalformedAssertion: { status: 400, error: 'invalid_request', code: 50027, message: 'JWT token is invalid or malformed.', source: 'recorded' },
  /** This entry and the next: the tests of MSAL for .NET, which repeat Entra in 2023; the addresses are today's. */
  UnsupportedAlgorithm: {
    status: 401,
    error: 'invalid_client',
    code: 5002738,
    message: "Invalid JWT token. '{algorithm}' is not a supported signature algorithm. Supported signing algorithms are: '{supported}'",
    source: 'recorded'
  },
  AssertionSubjectMismatch: {
    status: 401,
    error: 'invalid_client',
    code: 700021,
    message: "Client assertion application identifier doesn't match 'client_id' parameter. Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .",
    source: 'recorded'
  },
  AssertionAudienceMismatch: {
    status: 401,
    error: 'invalid_client',
    code: 700023,
    message: 'Client assertion audience claim does not match Realm issuer. Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .',
    source: 'recorded'
  },
  AssertionExpired: {
    status: 401,
    error: 'invalid_client',
    code: 700024,
    message: 'Client assertion is not within its valid time range. Current time: {now}, assertion valid from {validFrom}, expiry time of assertion {expiry}. Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .',
    source: 'recorded'
  },
  AssertionSignatureInvalid: {
    status: 401,
    error: 'invalid_client',
    code: 700027,
    message: "The certificate with identifier used to sign the client assertion is not registered on application. [Reason - {reason}, Thumbprint of key used by client: '{thumbprint}', Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '{clientId}'. Review the documentation at https://docs.microsoft.com/en-us/graph/deployments to determine the corresponding service endpoint and https://docs.microsoft.com/en-us/graph/api/application-get?view=graph-rest-1.0&tabs=http to build a query request URL, such as 'https://graph.microsoft.com/beta/applications/{clientId}'].",
    source: 'recorded'
  },
  /** Recorded: dotnet-foundation/projects #503 in 2026. In parentheses is the name of the application. */
  NoFederatedIdentity: {
    status: 401,
    error: 'invalid_client',
    code: 70025,
    message: "The client '{clientId}'({clientId}) has no configured federated identity credentials.",
    source: 'recorded'
  },
  InvalidScope: {
    status: 400,
    error: 'invalid_scope',
    code: 1002012,
    message: 'The provided value for scope {scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).',
    source: 'recorded'
  },
  SeveralResources: {
    status: 400,
    error: 'invalid_request',
    code: 28000,
    message: 'Provided value for the input parameter scope is not valid because it contains more than one resource. Scope {scope} is not valid.',
    source: 'documented'
  },
  InvalidGrant: {
    status: 400,
    error: 'invalid_grant',
    code: 70000,
    message: "The provided value for the input parameter '{parameter}' is not valid.",
    source: 'recorded'
  },
  RefreshTokenExpired: {
    status: 400,
    error: 'invalid_grant',
    code: 700082,
    message: 'The refresh token has expired due to inactivity. The token was inactive for 90.00:00:00.',
    source: 'documented'
  },
  BadVerificationCode: { status: 400, error: 'bad_verification_code', code: 70018, message: 'Invalid verification code.', source: 'documented' },
  DeviceCodeExpired: { status: 400, error: 'expired_token', code: 70019, message: 'Verification code expired.', source: 'documented' },
  ServiceUnavailable: {
    status: 503,
    error: 'temporarily_unavailable',
    code: 90033,
    message: 'A transient error has occurred. Please try again.',
    source: 'recorded'
  },
  TooManyRequests: {
    status: 429,
    error: 'temporarily_unavailable',
    code: 90055,
    message: 'There are too many incoming requests. This exception is thrown for blocked tenants.',
    source: 'documented'
  }
} as const satisfies Readonly<Record<string, ErrorEntry>>
