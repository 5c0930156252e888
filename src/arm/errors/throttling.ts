import type { ErrorEntry } from './entry.js'

/** The errors of each service that throttles. `effects/throttling.ts` adds their details. */
export const throttlingErrors = {
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
  }
} as const satisfies Record<string, ErrorEntry>
