import type { ErrorEntry } from './entry.js'

/** The errors of azrun itself, for cases that Azure does not have. */
export const ownErrors = {
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
