import { wildcard } from '../core/wildcard.js'
import type { Match } from './scenario.js'

/** What scenarios and filters match on: a request, and of a poll also the request that started its operation. */
export interface Call {
  readonly operation?: string | undefined
  /** Of a poll, the operation that it is about. */
  readonly operationId?: string | undefined
  readonly subscriptionId?: string | undefined
  readonly resourceGroup?: string | undefined
  readonly vmName?: string | undefined
  readonly commandId?: string | undefined
  /** The lines joined with `\n`. */
  readonly script?: string | undefined
  readonly parameters?: Readonly<Record<string, string>> | undefined
  readonly method: string
  /** Without the query. */
  readonly path: string
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

type Condition = (call: Call) => boolean

/** Members that Azure's own names are in, which it compares without case. */
const CASELESS = ['subscriptionId', 'operation', 'resourceGroup', 'vmName', 'commandId', 'path'] as const
const EXACT = ['script', 'method'] as const

/** Members that a run command alone carries. */
const OF_COMMAND = ['commandId', 'script', 'parameters'] as const

/** Those whose requests carry a command, be it the action's or a managed one; what others they are carry none. */
export const OF_COMMANDS = 'VirtualMachine*RunCommand*'

/**
 * A match with the operations that it means: one of a script, a command or parameters means the request that carries
 * them. Polls match by what their operation was started with, but only where the match names their operation.
 */
export function meant<Given extends Match> (match: Given): Given {
  const isOfCommand = match.operation === undefined && OF_COMMAND.some(name => match[name] !== undefined)
  return isOfCommand ? { ...match, operation: OF_COMMANDS } : match
}

/** Whether a call matches: all members of the match do. */
export function compileMatch (match: Match = {}): Condition {
  const conditions: Condition[] = []
  // First what most calls differ in, and what takes least time to read.
  for (const name of CASELESS) {
    const pattern = match[name]?.toLowerCase()
    if (pattern !== undefined) conditions.push(isLike(pattern, call => call[name]?.toLowerCase()))
  }
  for (const name of EXACT) {
    const pattern = match[name]
    if (pattern !== undefined) conditions.push(isLike(pattern, call => call[name]))
  }
  for (const [name, value] of Object.entries(match.parameters ?? {})) {
    conditions.push(isLike(value, ({ parameters }) => parameters?.[name]))
  }
  for (const [name, value] of Object.entries(match.header ?? {})) {
    const key = name.toLowerCase()
    conditions.push(isLike(value.toLowerCase(), ({ headers }) => headers[key]?.toString().toLowerCase()))
  }
  return call => conditions.every(condition => condition(call))
}

function isLike (pattern: string, valueOf: (call: Call) => string | undefined): Condition {
  const matches = wildcard(pattern)
  return call => {
    const value = valueOf(call)
    return value !== undefined && matches(value)
  }
}
