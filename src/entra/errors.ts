/**
 * Source of the status, code and text: `inferred` ones are not confirmed by any capture, and `ours` marks errors that
 * Azure does not have.
 */
export type ErrorSource = 'recorded' | 'documented' | 'inferred' | 'ours'

export interface ErrorEntry {
  readonly status: number
  /** OAuth's `error`; for Microsoft Graph and Resource Manager the `code`. */
  readonly error: string
  /** The number after AADSTS. */
  readonly code?: number
  /** Names in braces are placeholders. */
  readonly message: string
  readonly source: ErrorSource
  /** Members that the body has after those of its form. */
  readonly members?: Readonly<Record<string, unknown>>
}

/** All errors of this surface. Recorded texts are Azure's (from issues of its SDKs and of MSAL). */
export const errors = {
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
  InteractiveSignIn: {
    status: 400,
    error: 'unsupported_response_type',
    message: 'There is no page here to sign in on. Log in with a secret, a managed identity or a device code instead, as az login does with --service-principal, --identity and --use-device-code.',
    source: 'ours'
  },
  SignInDeclined: {
    status: 400,
    error: 'authorization_declined',
    message: 'azrun has no page that asks for a password, so it approves a device code only for a declared user without one, and none is declared.',
    source: 'ours'
  },
  MetadataHeaderMissing: { status: 400, error: 'invalid_request', message: 'Required metadata header not specified', source: 'documented' },
  ApiVersionMissing: { status: 400, error: 'invalid_request', message: "Required query variable 'api-version' is missing", source: 'inferred' },
  /** Recorded: aad-pod-identity #450. */
  ResourceMissing: { status: 400, error: 'invalid_request', message: "Required query variable 'resource' is missing", source: 'recorded' },
  /** This entry and the next: in the tests of MSAL for Java, which repeat Cloud Shell. */
  CloudShellHeaderMissing: { status: 400, error: 'bad_request_102', message: 'Required metadata header not specified', source: 'recorded' },
  CloudShellAudienceMissing: { status: 400, error: 'invalid_request', message: 'Required audience parameter not specified', source: 'recorded' },
  /** Recorded: azure-docs #91624, insights-core #3251 and azure-compute-docs #289. */
  InstanceHeaderMissing: {
    status: 400, error: 'bad_request', message: 'Bad request: . Required metadata header not specified', source: 'recorded'
  },
  InstanceFormatMissing: { status: 400, error: 'bad_request', message: 'Bad request', source: 'recorded' },
  InstanceVersionInvalid: {
    status: 400,
    error: 'bad_request',
    message: 'Bad request. api-version is invalid or was not specified in the request. For more information refer to aka.ms/azureimds',
    source: 'recorded',
    members: { 'newest-versions': ['2025-04-07', '2024-07-17', '2024-03-15'] }
  },
  IdentityNotFound: { status: 400, error: 'invalid_request', message: 'Identity not found', source: 'recorded' },
  IdentityAmbiguous: {
    status: 400,
    error: 'invalid_request',
    message: 'Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token request',
    source: 'recorded'
  },
  /** App Service has the same words for an unknown and an ambiguous identity. */
  AppServiceIdentityNotFound: {
    status: 400,
    error: 'invalid_request',
    message: 'No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.',
    source: 'recorded'
  },
  MetadataNotFound: { status: 404, error: 'not_found', message: "The instance metadata has no '{name}'.", source: 'inferred' },
  IdentityHeaderMissing: {
    status: 401,
    error: 'invalid_request',
    message: "The '{header}' header is missing or is not that of this endpoint.",
    source: 'inferred'
  },
  /** Recorded: the tests of azure-sdk-for-rust. */
  ArcChallenge: {
    status: 401,
    error: 'unauthorized_client',
    message: 'Missing Basic Authorization header',
    source: 'recorded',
    members: { error_codes: [401] }
  },
  ArcKeyInvalid: { status: 403, error: 'invalid_request', message: 'The password is not the content of the file that was named.', source: 'inferred' },
  ArcKeyNotWritten: {
    status: 403,
    error: 'access_denied',
    message: 'azrun cannot write the Azure Arc key file to {directory}, the only place where Arc clients look for it: {reason}. Make that directory writable, or use another type of managed identity.',
    source: 'ours'
  },
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
  },
  /** This entry and the next three: the statuses and reasons are documented, the bodies are inferred. */
  InstanceUpdating: { status: 404, error: 'not_found', message: 'The instance metadata endpoint is updating', source: 'inferred' },
  InstanceGone: { status: 410, error: 'gone', message: 'The instance metadata service is going through updates', source: 'inferred' },
  InstanceThrottled: { status: 429, error: 'too_many_requests', message: 'Temporarily throttled, too many requests', source: 'inferred' },
  InstanceFailed: { status: 500, error: 'unknown', message: 'Failed to retrieve token from the Active directory', source: 'inferred' },
  GraphTokenMissing: { status: 401, error: 'InvalidAuthenticationToken', message: 'Access token is empty.', source: 'recorded' },
  NotDelegated: { status: 400, error: 'BadRequest', message: '/me request is only valid with delegated authentication flow.', source: 'recorded' },
  MissingApiVersionParameter: {
    status: 400,
    error: 'MissingApiVersionParameter',
    message: 'The api-version query parameter (?api-version=) is required for all requests.',
    source: 'recorded'
  },
  BadRequest: { status: 400, error: 'invalid_request', message: 'The request is not valid: {reason}.', source: 'ours' },
  EmulatorReset: {
    status: 409,
    error: 'invalid_request',
    message: 'The emulator was reset before the request was handled.',
    source: 'ours'
  },
  UnknownScenario: {
    status: 400,
    error: 'invalid_request',
    message: "azrun has no scenario '{name}'{hint} /_emulator/named-scenarios lists all of them.",
    source: 'ours'
  },
  RequestTooLarge: { status: 413, error: 'invalid_request', message: 'The request body exceeds the limit of {limit} bytes.', source: 'ours' },
  RequestRefused: { status: 403, error: 'access_denied', message: '{reason}', source: 'ours' },
  ServerError: { status: 500, error: 'server_error', message: 'azrun failed to handle this request, which is a defect in azrun: {reason}.', source: 'ours' }
} as const satisfies Readonly<Record<string, ErrorEntry>>

export type ErrorName = keyof typeof errors

/** The most characters of a client's value to repeat in a message. */
const LONGEST_VALUE = 200

type Values = Readonly<Record<string, string>>

/** An error of the table, or a similar one. `values` fill its placeholders; `headers` are added to the response. */
export class EntraError extends Error {
  readonly entry: ErrorEntry
  readonly headers: Values

  constructor (error: ErrorName | ErrorEntry, values: Values = {}, headers: Values = {}) {
    const entry: ErrorEntry = typeof error === 'string' ? errors[error] : error
    super(entry.message.replace(/\{(\w+)\}/g, (_, key: string) => shortened(values[key] ?? '')))
    this.entry = entry
    this.headers = headers
  }
}

function shortened (value: string): string {
  return value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}...` : value
}
