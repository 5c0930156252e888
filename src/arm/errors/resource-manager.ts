import type { ErrorEntry } from './entry.js'

/** Resource Manager's own errors about versions, subscriptions, resource groups, resources and tags. */
export const resourceManagerErrors = {
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
  /** Recorded for locations/vmSizes: azure-cli #30613 in 2025; the form and the status, migAz #246. */
  NoRegisteredProviderFound: {
    status: 400,
    message: "No registered resource provider found for location '{location}' and API version '{apiVersion}' for type '{type}'. The supported api-versions are '{versions}'. The supported locations are '{regions}'.",
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
  /** Of a resource group. Recorded: the status, azure-cli #11277; the form, bicep-registry-modules #1607. */
  DeletionFailed: {
    status: 409,
    code: '{code}',
    message: '{message}',
    layer: 'gateway',
    close: true,
    source: 'recorded'
  },
  /** Of a deletion that is unknown or long over. Like ResourceGroupNotFound. */
  OperationResultNotFound: {
    status: 404,
    message: "The operation result '{id}' could not be found.",
    layer: 'gateway',
    source: 'inferred'
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
  /** Recorded: azure-sdk-for-go #2480, for resource groups; azure-sdk-for-net #18748, for resources. */
  InvalidFilterInQueryString: {
    status: 400,
    message: "Invalid $filter '{filter}' specified in the query string.",
    layer: 'gateway',
    source: 'recorded'
  },
  /** Code and status are recorded: azure-sdk-for-js #18535. The sentence is that of Power Automate, where it has 50. */
  InvalidTopInQueryString: {
    status: 400,
    message: 'Top value must be positive integer less than or equal to {most}.',
    layer: 'gateway',
    source: 'inferred'
  },
  /** Like the other two. */
  InvalidSkipTokenInQueryString: {
    status: 400,
    message: "Invalid $skiptoken '{token}' specified in the query string.",
    layer: 'gateway',
    source: 'inferred'
  },
  /** Recorded: azure-cli #16368; the code and the status, cb-spider #527. azrun accepts every well-formed region. */
  LocationNotAvailableForResourceGroup: {
    status: 400,
    message: "The provided location '{location}' is not available for resource group. List of available regions is '{regions}'.",
    layer: 'gateway',
    source: 'recorded'
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
  }
} as const satisfies Record<string, ErrorEntry>
