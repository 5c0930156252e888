import type { ErrorEntry } from './entry.js'

/** Errors that Azure does not have. */
export const ownErrors = {
  InteractiveSignIn: {
    status: 400,
    error: 'unsupported_response_type',
    message: 'azrun has no sign-in page. Log in with a secret, a managed identity or a device code instead, as az login does with --service-principal, --identity and --use-device-code.',
    source: 'ours'
  },
  SignInDeclined: {
    status: 400,
    error: 'authorization_declined',
    message: 'azrun has no page that asks for a password, so it approves a device code only for a declared user without a password, and none is declared.',
    source: 'ours'
  },
  ArcKeyNotWritten: {
    status: 403,
    error: 'access_denied',
    message: 'azrun cannot write the Azure Arc key file to {directory}, the only place where Arc clients look for it: {reason}. Make that directory writable, or use another type of managed identity.',
    source: 'ours'
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
