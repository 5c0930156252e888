import type { ErrorEntry } from './entry.js'

/** The errors of Microsoft Graph, and of Resource Manager's list of clouds. */
export const graphErrors = {
  GraphTokenMissing: { status: 401, error: 'InvalidAuthenticationToken', message: 'Access token is empty.', source: 'recorded' },
  NotDelegated: { status: 400, error: 'BadRequest', message: '/me request is only valid with delegated authentication flow.', source: 'recorded' },
  MissingApiVersionParameter: {
    status: 400,
    error: 'MissingApiVersionParameter',
    message: 'The api-version query parameter (?api-version=) is required for all requests.',
    source: 'recorded'
  }
} as const satisfies Readonly<Record<string, ErrorEntry>>
