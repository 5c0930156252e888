import type { Layer } from './arm-response.js'
import { indented } from './json-text.js'

/** The source of the code, the text and the status. `inferred` is an interpretation that no capture confirms. */
export type ErrorSource = 'recorded' | 'documented' | 'inferred' | 'ours'

export interface ErrorEntry {
  readonly status: number
  /** Default: the entry's name. */
  readonly code?: string
  /** Names in braces are placeholders. */
  readonly message: string
  readonly target?: string
  readonly layer: Layer
  /** The service behind Resource Manager that sends it, if not Compute. */
  readonly service?: 'Network' | 'Resource Graph'
  /** Whether to close the connection after it. Resource Manager does after a 403 or 409 (wire facts, section 3). */
  readonly close?: boolean
  readonly source: ErrorSource
}

/** All errors of this surface. Recorded texts are Azure's (wire facts, sections 1 and 3). */
export const errors = {
  MissingApiVersionParameter: {
    status: 400,
    message: 'The api-version query parameter (?api-version=) is required for all requests.',
    layer: 'gateway',
    source: 'recorded'
  },
  InvalidApiVersionParameter: {
    status: 400,
    message: "The api-version '{apiVersion}' is invalid. The supported versions are '{versions}'.",
    layer: 'gateway',
    source: 'recorded'
  },
  InvalidResourceType: {
    status: 404,
    message: "The resource type '{type}' could not be found in the namespace '{namespace}' for api version '{apiVersion}'. The supported api-versions are '{versions}'.",
    layer: 'gateway',
    source: 'recorded'
  },
  InvalidSubscriptionId: {
    status: 400,
    message: "The provided subscription identifier '{subscriptionId}' is malformed or invalid.",
    layer: 'gateway',
    source: 'recorded'
  },
  SubscriptionNotFound: {
    status: 404,
    message: "The subscription '{subscriptionId}' could not be found.",
    layer: 'gateway',
    source: 'recorded'
  },
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
  },
  ResourceGroupNotFound: {
    status: 404,
    message: "Resource group '{resourceGroup}' could not be found.",
    layer: 'gateway',
    source: 'recorded'
  },
  /** Only in scenarios. Recorded: the Java SDK in 2017. */
  MissingSubscriptionRegistration: {
    status: 409,
    message: "The subscription is not registered to use namespace '{namespace}'. See https://aka.ms/rps-not-found for how to register subscriptions.",
    layer: 'gateway',
    close: true,
    source: 'recorded'
  },
  ResourceGroupBeingDeleted: {
    status: 409,
    message: "The resource group '{resourceGroup}' is in deprovisioning state and cannot perform this operation.",
    layer: 'gateway',
    close: true,
    source: 'recorded'
  },
  InvalidResourceGroupLocation: {
    status: 409,
    message: "Invalid resource group location '{location}'. The Resource group already exists in location '{existing}'.",
    layer: 'gateway',
    close: true,
    source: 'recorded'
  },
  InvalidResourceGroupName: {
    status: 400,
    code: 'InvalidResourceGroup',
    message: "The provided resource group name '{name}' has these invalid characters: '{characters}'. The name can only be a letter, digit, '-', '.', '(', ')' or '_'.",
    layer: 'gateway',
    source: 'recorded'
  },
  InvalidTags: {
    status: 400,
    message: "Too many tags specified. Requested tag count - '{count}'. Maximum number of tags allowed - '50'.",
    layer: 'gateway',
    source: 'documented'
  },
  InvalidTagName: {
    status: 400,
    message: 'The tag name must be non-null, non-empty and non-whitespace only. Please provide an actual value.',
    layer: 'gateway',
    source: 'documented'
  },
  InvalidTagNameCharacters: {
    status: 400,
    message: "The tag names '{wrong}' have reserved characters '<,>,%,&,\\,?,/' or control characters.",
    layer: 'gateway',
    source: 'recorded'
  },
  InvalidTagNameLength: {
    status: 400,
    code: 'InvalidTagName',
    message: "Tag key too large. Following tag name '{wrong}' exceeded the maximum length. Maximum allowed length for tag name - '512' characters.",
    layer: 'gateway',
    source: 'documented'
  },
  InvalidTagValueLength: {
    status: 400,
    message: "Tag value too large. Following tag value '{wrong}' exceeded the maximum length. Maximum allowed length for tag value - '256' characters.",
    layer: 'gateway',
    source: 'documented'
  },
  LocationRequired: {
    status: 400,
    message: 'The location property is required for this definition.',
    layer: 'gateway',
    source: 'recorded'
  },
  InvalidRequestContent: {
    status: 400,
    message: "The request content was invalid and could not be deserialized: '{reason}'.",
    layer: 'gateway',
    source: 'recorded'
  },
  ResourceNotFound: {
    status: 404,
    message: "The Resource '{type}/{name}' under resource group '{resourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix",
    layer: 'gateway',
    source: 'recorded'
  },
  ParentResourceNotFound: {
    status: 404,
    message: "Can not perform requested operation on nested resource. Parent resource '{parent}' not found.",
    layer: 'gateway',
    source: 'recorded'
  },
  RouteNotFound: {
    status: 404,
    code: 'NotFound',
    message: "azrun does not serve '{path}'. See /_emulator/docs for the supported operations.",
    layer: 'gateway',
    source: 'ours'
  },
  MethodNotAllowed: {
    status: 405,
    message: "The requested resource does not support http method '{method}'.",
    layer: 'gateway',
    source: 'inferred'
  },
  ProxyRefused: {
    status: 403,
    message: '{reason}.',
    layer: 'azrun',
    source: 'ours'
  },
  ProxyUnreachable: {
    status: 502,
    message: '{reason}.',
    layer: 'azrun',
    source: 'ours'
  },
  UnsupportedMediaType: {
    status: 415,
    message: "The content media type '{mediaType}' is not supported. Only 'application/json' and 'text/json' are supported.",
    layer: 'gateway',
    source: 'inferred'
  },
  UnsupportedContentEncoding: {
    status: 415,
    code: 'UnsupportedMediaType',
    message: "The content encoding '{encoding}' is not supported. Send the body uncompressed.",
    layer: 'gateway',
    source: 'inferred'
  },
  RequestEntityTooLarge: {
    status: 413,
    message: 'The request body is larger than the {limit} bytes that are allowed.',
    layer: 'gateway',
    source: 'inferred'
  },
  InvalidRequestUri: {
    status: 400,
    message: "The request URI '{url}' is not valid: its percent-encoding cannot be decoded.",
    layer: 'gateway',
    source: 'inferred'
  },
  BadRequest: {
    status: 400,
    message: 'The request is not valid HTTP: {reason}.',
    layer: 'gateway',
    source: 'inferred'
  },
  NotImplemented: {
    status: 501,
    message: 'The body of the request cannot be read: {reason}.',
    layer: 'gateway',
    source: 'inferred'
  },
  NotFound: {
    status: 404,
    message: 'The entity was not found in this Azure location.',
    layer: 'service',
    source: 'recorded'
  },
  InstanceIdNotNumber: {
    status: 400,
    code: 'InvalidParameter',
    message: 'Virtual Machine Scale Set VM instanceId must be a number.',
    target: 'instanceId',
    layer: 'service',
    source: 'recorded'
  },
  InstanceNotActive: {
    status: 400,
    code: 'InvalidParameter',
    message: 'The provided instanceId {instanceId} is not an active Virtual Machine Scale Set VM instanceId.',
    target: 'instanceIds',
    layer: 'service',
    source: 'recorded'
  },
  OperationUrlChanged: {
    status: 404,
    code: 'NotFound',
    message: 'The entity was not found in this Azure location.',
    layer: 'service',
    source: 'inferred'
  },
  // The first entry with this code, so that a scenario with only `Conflict` means a busy machine.
  RunCommandInProgress: {
    status: 409,
    code: 'Conflict',
    message: 'Run command extension execution is in progress. Please wait for completion before invoking a run command.',
    layer: 'service',
    source: 'recorded'
  },
  OperatingSystemMismatch: {
    status: 409,
    code: 'Conflict',
    message: "Run command OS type '{commandOs}' does not match the target OS {vmOs}.",
    layer: 'service',
    source: 'recorded'
  },
  OperationNotAllowed: {
    status: 409,
    message: 'The operation requires the VM to be running (or set to run).',
    layer: 'service',
    source: 'recorded'
  },
  VirtualMachineDeallocated: {
    status: 409,
    code: 'OperationNotAllowed',
    message: "Operation '{operation}' is not allowed on VM '{vmName}' since the VM is either deallocated or marked to be deallocated. Please refer to https://aka.ms/vmpowerstates  to learn about different VM power states.",
    layer: 'service',
    source: 'recorded'
  },
  /** Only in scenarios. The text is recorded (azure-sdk-for-python #2702), but not its status. */
  VirtualMachineMarkedForDeletion: {
    status: 409,
    code: 'OperationNotAllowed',
    message: "Operation '{operation}' is not allowed on VM '{vmName}' since the VM is marked for deletion. You can only retry the Delete operation (or wait for an ongoing one to complete).",
    layer: 'service',
    source: 'inferred'
  },
  /** Inferred: which actions get this error, and which end the earlier action instead. */
  PowerStateChanging: {
    status: 409,
    code: 'OperationNotAllowed',
    message: 'An ongoing operation is changing power state of Virtual Machine {vmName} to {powerState}. Please perform operation {operation} after some time.',
    layer: 'service',
    source: 'documented'
  },
  ConcurrentRequest: {
    status: 409,
    code: 'Conflict',
    message: 'The request failed due to conflict with a concurrent request. To resolve it, please refer to https://aka.ms/activitylog to get more details on the conflicting requests.',
    layer: 'service',
    source: 'recorded'
  },
  /** throttling.ts adds `details` and `innererror`. */
  TooManyRequests: {
    status: 429,
    code: 'OperationNotAllowed',
    message: 'The server rejected the request because too many requests have been received for this subscription.',
    layer: 'service',
    source: 'recorded'
  },
  SubscriptionRequestsThrottled: {
    status: 429,
    message: "Number of '{kind}' requests for subscription actor '{subscriptionId}:{objectId}' exceeded. Please try again after '{seconds}' seconds after additional tokens are available. Refer to https://aka.ms/arm-throttling for additional information.",
    layer: 'gateway',
    source: 'recorded'
  },
  TenantRequestsThrottled: {
    status: 429,
    message: "Number of '{kind}' requests for tenant actor '{tenantId}:{objectId}' exceeded. Please try again after '{seconds}' seconds after additional tokens are available. Refer to https://aka.ms/arm-throttling for additional information.",
    layer: 'gateway',
    source: 'inferred'
  },
  NetworkRequestsThrottled: {
    status: 429,
    code: 'RetryableError',
    message: 'A retryable error occurred.',
    layer: 'service',
    service: 'Network',
    source: 'recorded'
  },
  ResourceGraphThrottled: {
    status: 429,
    code: 'RateLimiting',
    message: 'Please provide below info when asking for support: timestamp = {timestamp}, correlationId = {correlationId}.',
    layer: 'gateway',
    service: 'Resource Graph',
    source: 'recorded'
  },
  InvalidParameter: {
    status: 400,
    message: "Required parameter '{parameter}' is missing (null).",
    target: '{parameter}',
    layer: 'service',
    source: 'inferred'
  },
  /**
   * This entry and the next five have the sentences of Json.NET, which Compute deserializes with: those of version
   * 6.0.8, run on mono (Debian's libnewtonsoft-json). Recorded for the PUT of a virtual machine: UnknownMember
   * (azure-sdk-for-net #37855) and WrongType (OfficeDocs-Enterprise #45). The latter is in line 19 and counts its
   * column from 0, as azrun does; 6.0.8 counts from 1 on all lines but the first.
   */
  UnknownMember: {
    status: 400,
    code: 'BadRequest',
    message: "Could not find member '{member}' on object of type '{type}'. Path '{path}', line {line}, position {position}.",
    layer: 'service',
    source: 'inferred'
  },
  WrongType: {
    status: 400,
    code: 'BadRequest',
    message: "Error converting value {value} to type '{type}'. Path '{path}', line {line}, position {position}.",
    layer: 'service',
    source: 'inferred'
  },
  TextExpected: {
    status: 400,
    code: 'BadRequest',
    message: "Error reading string. Unexpected token: {token}. Path '{path}', line {line}, position {position}.",
    layer: 'service',
    source: 'inferred'
  },
  ObjectExpected: {
    status: 400,
    code: 'BadRequest',
    message: 'Cannot deserialize the current JSON array (e.g. [1,2,3]) into type \'{type}\' because the type requires a JSON object (e.g. {"name":"value"}) to deserialize correctly.\r\nTo fix this error either change the JSON to a JSON object (e.g. {"name":"value"}) or change the deserialized type to an array or a type that implements a collection interface (e.g. ICollection, IList) like List<T> that can be deserialized from a JSON array. JsonArrayAttribute can also be added to the type to force it to deserialize from a JSON array.\r\nPath \'{path}\', line {line}, position {position}.',
    layer: 'service',
    source: 'inferred'
  },
  ArrayExpected: {
    status: 400,
    code: 'BadRequest',
    message: 'Cannot deserialize the current JSON object (e.g. {"name":"value"}) into type \'{type}\' because the type requires a JSON array (e.g. [1,2,3]) to deserialize correctly.\r\nTo fix this error either change the JSON to a JSON array (e.g. [1,2,3]) or change the deserialized type so that it is a normal .NET type (e.g. not a primitive type like integer, not a collection type like an array or List<T>) that can be deserialized from a JSON object. JsonObjectAttribute can also be added to the type to force it to deserialize from a JSON object.\r\nPath \'{path}\', line {line}, position {position}.',
    layer: 'service',
    source: 'inferred'
  },
  MalformedJson: {
    status: 400,
    code: 'BadRequest',
    message: "{reason}. Path '{path}', line {line}, position {position}.",
    layer: 'service',
    source: 'inferred'
  },
  InvalidValue: {
    status: 400,
    code: 'InvalidParameter',
    message: "The value '{value}' of parameter '{parameter}' is invalid: it {rule}.",
    target: '{parameter}',
    layer: 'service',
    source: 'inferred'
  },
  LocationNotAvailableForResourceType: {
    status: 400,
    message: "The provided location '{location}' is not available for resource type '{type}'. List of available regions for the resource type is '{regions}'.",
    layer: 'gateway',
    source: 'recorded'
  },
  InvalidResourceLocation: {
    status: 409,
    message: "The resource '{name}' already exists in location '{existing}' in resource group '{resourceGroup}'. A resource with the same name cannot be created in location '{location}'. Please select a new resource name.",
    layer: 'gateway',
    close: true,
    source: 'recorded'
  },
  InvalidParameterConflictingProperties: {
    status: 400,
    message: "The property '{other}' cannot be used together with property '{property}'.",
    layer: 'service',
    source: 'recorded'
  },
  /** Recorded: java_oci_manage #46 in 2026. */
  ExpandWithoutFilter: {
    status: 400,
    code: 'BadRequest',
    message: 'Expand Instance View is only supported when Virtual Machine Scale Set resource filter is applied',
    layer: 'service',
    source: 'recorded'
  },
  /** The sentence is recorded for other resource types of Compute. */
  InvalidEntityName: {
    status: 400,
    code: 'InvalidParameter',
    message: "The entity name '{parameter}' is invalid according to its validation rule: {rule}.",
    target: '{parameter}',
    layer: 'service',
    source: 'inferred'
  },
  ExtensionNotModifiable: {
    status: 409,
    code: 'OperationNotAllowed',
    message: 'Cannot modify extensions in the VM when the VM is not running.',
    layer: 'service',
    source: 'recorded'
  },
  /** The text is recorded (azure-docs #117976), but not its status and code. */
  RunCommandLimitExceeded: {
    status: 409,
    code: 'OperationNotAllowed',
    message: 'The maximum number of managed Run commands (max={max}, current={current}) has been exceeded. Use fewer Run commands and retry the request. To list Run commands, refer: https://aka.ms/RunCommandManaged#list-all-deployed-runcommand-resources-on-a-vm-1 and then delete a Run command: https://aka.ms/RunCommandManaged#delete-runcommand-resource-from-the-vm-1',
    layer: 'service',
    source: 'inferred'
  },
  OperationFailed: {
    status: 409,
    code: '{code}',
    message: '{message}',
    layer: 'service',
    source: 'inferred'
  },
  /** Only with `strict`, for mistakes for which Azure has no error. */
  LeniencyRefused: {
    status: 400,
    code: 'BadRequest',
    message: 'azrun is strict and refuses what Azure lets pass: {mistake}.',
    layer: 'azrun',
    source: 'ours'
  },
  RequestRefused: {
    status: 403,
    message: "azrun refuses requests whose {header} header is '{value}': {rule}.",
    layer: 'azrun',
    source: 'ours'
  },
  ResourceGraphUnknown: {
    status: 400,
    code: 'BadRequest',
    message: "azrun does not know {part} in a query of resources. It knows: Resources | where COLUMN =~ 'TEXT' (or ==, !~, !=; several with and) | project COLUMN, COLUMN | order by COLUMN (asc or desc) | take N (or limit, sample).",
    layer: 'azrun',
    source: 'ours'
  },
  UnknownScenario: {
    status: 400,
    message: "azrun has no scenario '{name}'{hint} /_emulator/named-scenarios lists all of them.",
    layer: 'azrun',
    source: 'ours'
  },
  InternalServerError: {
    status: 500,
    message: 'azrun failed to handle this request, which is a defect in azrun: {reason}.',
    layer: 'azrun',
    source: 'ours'
  }
} as const satisfies Record<string, ErrorEntry>

export type ErrorName = keyof typeof errors

/** The placeholders in a text. JSON, such as `{"name":"value"}`, is not a placeholder. */
type Blanks<Text> = Text extends `${string}{${infer Blank}}${infer Rest}`
  ? (Blank extends `"${string}` ? never : Blank) | Blanks<Rest>
  : never
type BlanksOf<Name extends ErrorName> = Blanks<(typeof errors)[Name][keyof (typeof errors)[Name]]>
type Details<Name extends ErrorName> = [BlanksOf<Name>] extends [never]
  ? [values?: Record<string, never>, headers?: readonly string[]]
  : [values: Readonly<Record<BlanksOf<Name>, string | number>>, headers?: readonly string[]]

/** An error of the table, with its placeholders filled in and additional headers. */
export class ArmError<Name extends ErrorName = ErrorName> extends Error {
  readonly entry: ErrorEntry
  readonly status: number
  readonly code: string
  readonly target?: string
  readonly layer: Layer
  readonly close: boolean
  readonly headers: readonly string[]
  /** Errors that explain this one. Default: none. */
  details?: readonly object[]
  /** The cost of the refused request: `x-ms-request-charge`. Default: none. */
  charge?: number

  constructor (name: Name, ...[values = {}, headers = []]: Details<Name>) {
    const entry: ErrorEntry = errors[name]
    super(fill(entry.message, values))
    this.entry = entry
    this.status = entry.status
    this.code = fill(entry.code ?? name, values)
    if (entry.target !== undefined) this.target = fill(entry.target, values)
    this.layer = entry.layer
    this.close = entry.close ?? false
    this.headers = headers
  }
}

/** The content of an error response. */
export interface ErrorContent extends Pick<ErrorEntry, 'layer' | 'service' | 'target'> {
  readonly code: string
  readonly message: string
  readonly details?: readonly object[]
  readonly innererror?: object
}

/**
 * The body of an error: compact from the gateway, indented with CRLF from a service. Details come first in an error of
 * Compute (recorded: azcli_power_vm_spot); the place of `innererror` beside them is inferred.
 */
export function errorBody ({ code, message, target, details, innererror, layer, service }: ErrorContent): string {
  const isOfCompute = layer === 'service' && service === undefined
  const error = { ...isOfCompute && { details, innererror }, code, message, target, details, innererror }
  return layer === 'service' ? indented({ error }) : JSON.stringify({ error })
}

/** Fills in the placeholders of a text. A placeholder without a value stays as it is. */
export function fill (text: string, values: Readonly<Record<string, string | number | undefined>>): string {
  return text.replace(/\{(\w+)\}/g, (blank, name: string) => `${values[name] ?? blank}`)
}
