import { UsageError } from '../core/usage-error.js'
import { wildcard } from '../core/wildcard.js'
import { suggestion } from '../validation/nearest.js'

/** Selects requests. All members must match. Texts match as a whole; `*` matches any text. */
export interface Match {
  /** An operationId of openapi/arm.json or entra.json. Polls are `Operations_Get`. */
  readonly operation?: string
  readonly subscriptionId?: string
  readonly resourceGroup?: string
  /** For a poll, this and the next three are those of the request that started its operation. Names ignore case. */
  readonly vmName?: string
  /** A match on this, `script` or `parameters` includes polls only with `operation` or the effect `poll`. */
  readonly commandId?: string
  /** Compared with the script's lines joined with `\n`. */
  readonly script?: string
  /** Parameters that must be present; others are ignored. */
  readonly parameters?: Readonly<Record<string, string>>
  readonly method?: string
  /** The path of the URL, without the query. Case is ignored. */
  readonly path?: string
  /** Values by name. Case is ignored in both. */
  readonly header?: Readonly<Record<string, string>>
}

/** What scenarios and filters match: a request and, for a poll, also the request that started its operation. */
export interface Call {
  readonly operation?: string | undefined
  /** The operation that a poll is for. */
  readonly operationId?: string | undefined
  readonly subscriptionId?: string | undefined
  readonly resourceGroup?: string | undefined
  readonly vmName?: string | undefined
  readonly commandId?: string | undefined
  /** The lines joined with `\n`. */
  readonly script?: string | undefined
  readonly parameters?: Readonly<Record<string, string>> | undefined
  readonly method: string
  /** The path without the query. */
  readonly path: string
  /** The headers by name in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

type Condition = (call: Call) => boolean

/** Members with names of Azure's, which are case-insensitive. */
const CASELESS = ['subscriptionId', 'operation', 'resourceGroup', 'vmName', 'commandId', 'path'] as const
const EXACT = ['script', 'method'] as const
const MEMBERS: readonly string[] = [...CASELESS, ...EXACT, 'parameters', 'header']

/** Members that only a run command has. */
const OF_COMMAND = ['commandId', 'script', 'parameters'] as const

/** A pattern of the operations whose requests may have a command: the action, and those of managed run commands. */
const OF_COMMANDS = 'VirtualMachine*RunCommand*'

/**
 * Restricts a match on a script, a command or parameters to the requests that have them. Polls have those of the
 * request that started their operation, but match only if the match names the polls' own operation.
 */
export function withCommandOperations<Given extends Match> (match: Given): Given {
  const isOfCommand = match.operation === undefined && OF_COMMAND.some(name => match[name] !== undefined)
  return isOfCommand ? { ...match, operation: OF_COMMANDS } : match
}

/**
 * Returns a test for calls that match all members. Throws a `UsageError` for an unknown one, because JavaScript
 * programs call this, too: without that member, too much would match.
 */
export function compileMatch (match: Match = {}): Condition {
  requireMembers(match)
  const conditions: Condition[] = []
  // The members that differ most and take the least time come first.
  for (const name of CASELESS) {
    const pattern = match[name]?.toLowerCase()
    if (pattern !== undefined) conditions.push(isLike(pattern, call => call[name]?.toLowerCase()))
  }
  for (const name of EXACT) {
    const pattern = match[name]
    if (pattern !== undefined) conditions.push(isLike(pattern, call => call[name]))
  }
  for (const [name, value] of Object.entries(match.parameters ?? {})) {
    conditions.push(isLike(value, ({ parameters }) => own(parameters, name)))
  }
  for (const [name, value] of Object.entries(match.header ?? {})) {
    const key = name.toLowerCase()
    conditions.push(isLike(value.toLowerCase(), ({ headers }) => own(headers, key)?.toString().toLowerCase()))
  }
  return call => conditions.every(condition => condition(call))
}

/** The value that an object has by a name, and not one that all objects have, such as `toString`. */
export function own<Value> (values: Readonly<Record<string, Value>> | undefined, name: string): Value | undefined {
  return values !== undefined && Object.hasOwn(values, name) ? values[name] : undefined
}

function requireMembers (match: Match): void {
  const unknown = Object.keys(match).find(name => !MEMBERS.includes(name))
  if (unknown !== undefined) throw new UsageError(`'${unknown}' is not a member of a match; ${suggestion(unknown, MEMBERS)}`)
}

function isLike (pattern: string, valueOf: (call: Call) => string | undefined): Condition {
  const matches = wildcard(pattern)
  return call => {
    const value = valueOf(call)
    return value !== undefined && matches(value)
  }
}
