import type { ErrorEntry } from './entry.js'

/** The errors of managed identity and of instance metadata. */
export const managedIdentityErrors = {
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
  /** This entry and the next three: the statuses and reasons are documented, the bodies are inferred. */
  InstanceUpdating: { status: 404, error: 'not_found', message: 'The instance metadata endpoint is updating', source: 'inferred' },
  InstanceGone: { status: 410, error: 'gone', message: 'The instance metadata service is going through updates', source: 'inferred' },
  InstanceThrottled: { status: 429, error: 'too_many_requests', message: 'Temporarily throttled, too many requests', source: 'inferred' },
  InstanceFailed: { status: 500, error: 'unknown', message: 'Failed to retrieve token from the Active directory', source: 'inferred' }
} as const satisfies Readonly<Record<string, ErrorEntry>>
