import type { ErrorEntry } from './entry.js'

/** The errors of Resource Manager about requests that it cannot read or that have no route. */
export const httpErrors = {
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
  MethodNotServed: {
    status: 405,
    code: 'MethodNotAllowed',
    message: "azrun does not serve {method} of '{path}'. See /_emulator/docs for the supported operations.",
    layer: 'gateway',
    source: 'ours'
  },
  /**
   * Recorded for a missing type: azure-cli #10143, and #32972 in 2026; the status, terraform #30354. azrun accepts
   * text/json, too, because the contracts of services have it.
   */
  UnsupportedMediaType: {
    status: 415,
    message: "The content media type '{mediaType}' is not supported. Only 'application/json' is supported.",
    layer: 'gateway',
    source: 'recorded'
  },
  UnsupportedContentEncoding: {
    status: 415,
    code: 'UnsupportedMediaType',
    message: "The content encoding '{encoding}' is not supported. Send the body uncompressed.",
    layer: 'gateway',
    source: 'inferred'
  },
  /** Recorded for deployments: avdaccelerator #632, ALZ-Bicep #833; the status, azure-docs #74251. */
  RequestContentTooLarge: {
    status: 413,
    message: 'The request content size exceeds the maximum size of {megabytes} MB.',
    layer: 'gateway',
    source: 'recorded'
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
  }
} as const satisfies Record<string, ErrorEntry>
