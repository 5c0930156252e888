import { ArmError } from '../errors/arm-error.js'

/** The columns of the table `Resources`, in Azure Resource Graph's order, and their types (documented). */
export const COLUMNS = {
  id: 'string',
  name: 'string',
  type: 'string',
  tenantId: 'string',
  kind: 'string',
  location: 'string',
  resourceGroup: 'string',
  subscriptionId: 'string',
  managedBy: 'string',
  sku: 'object',
  plan: 'object',
  properties: 'object',
  tags: 'object',
  identity: 'object',
  zones: 'object',
  extendedLocation: 'object'
} as const

export type Column = keyof typeof COLUMNS
export type Row = Readonly<Record<Column, unknown>>

/** The rows and columns of a result. */
export interface Result {
  readonly rows: readonly Row[]
  readonly columns: readonly Column[]
}

type Operator = (result: Result) => Result

/** azrun's own limit in characters, because each operator goes through all rows. */
const MAX_QUERY = 64 * 1024

const TEXT = /^(?:'([^']*)'|"([^"]*)")$/

/**
 * Runs a query on a table. It supports the part of the query language that chaostoolkit-azure and its filters use, and
 * throws for anything else. Operators are in lower case, as in the language.
 */
export function runQuery (query: string, rows: readonly Row[]): Result {
  if (query.length > MAX_QUERY) throw unsupported(`more than ${MAX_QUERY} characters`)
  const parts = splitOutsideQuotes(query, '|')
  if (/^resources$/i.test(parts[0]!)) parts.shift()
  const whole: Result = { rows, columns: Object.keys(COLUMNS) as Column[] }
  return parts.map(operatorOf).reduce((result, apply) => apply(result), whole)
}

function operatorOf (part: string): Operator {
  const [, name = '', rest = ''] = /^(\w+)\s*([^]*)$/.exec(part) ?? []
  switch (name) {
    case 'where': return where(rest, part)
    case 'project': return project(rest)
    case 'take': case 'limit': case 'sample': return take(rest, part)
    case 'order': case 'sort': return orderBy(rest, part)
  }
  throw unsupported(part)
}

function where (conditions: string, part: string): Operator {
  const tests = splitOutsideQuotes(conditions, ' and ').map(condition => {
    const [, name = '', operator = '', value = ''] = /^(\w+)\s*(=~|==|!~|!=)\s*([^]*)$/.exec(condition) ?? []
    const [, single, double] = TEXT.exec(value) ?? []
    const text = single ?? double
    if (text === undefined) throw unsupported(part)
    const column = columnOf(name)
    const ignoresCase = operator.endsWith('~')
    const folded = (each: string) => ignoresCase ? each.toLowerCase() : each
    return (row: Row) => (folded(`${row[column]}`) === folded(text)) !== operator.startsWith('!')
  })
  return ({ rows, columns }) => ({ rows: rows.filter(row => tests.every(test => test(row))), columns })
}

function project (names: string): Operator {
  const columns = names.split(',').map(name => columnOf(name.trim()))
  const repeated = columns.find((name, index) => columns.indexOf(name) < index)
  if (repeated !== undefined) throw unsupported(`the column '${repeated}' twice`)
  return ({ rows }) => ({ rows, columns })
}

/** A sample is the first rows, so that it is repeatable. */
function take (count: string, part: string): Operator {
  if (!/^\d{1,9}$/.test(count)) throw unsupported(part)
  return ({ rows, columns }) => ({ rows: rows.slice(0, Number(count)), columns })
}

/** Descending unless the query has `asc`, as in the query language (documented). */
function orderBy (rest: string, part: string): Operator {
  const [, name, direction = 'desc'] = /^by\s+(\w+)(?:\s+(asc|desc))?$/.exec(rest) ?? []
  if (name === undefined) throw unsupported(part)
  const column = columnOf(name)
  const sign = direction === 'asc' ? 1 : -1
  const compare = (a: Row, b: Row) => sign * (`${a[column]}` < `${b[column]}` ? -1 : `${a[column]}` > `${b[column]}` ? 1 : 0)
  return ({ rows, columns }) => ({ rows: rows.toSorted(compare), columns })
}

function columnOf (name: string): Column {
  if (!Object.hasOwn(COLUMNS, name)) throw unsupported(`the column '${name}'`)
  return name as Column
}

/** Splits a text at separators outside quotes, and trims the parts. */
function splitOutsideQuotes (text: string, separator: string): string[] {
  const parts = ['']
  let quote = ''
  for (let index = 0; index < text.length; index++) {
    const char = text[index]!
    if (quote === '' && text.startsWith(separator, index)) {
      parts.push('')
      index += separator.length - 1
      continue
    }
    if (quote === '' ? char === "'" || char === '"' : char === quote) quote = quote === '' ? char : ''
    parts[parts.length - 1] += char
  }
  return parts.map(part => part.trim())
}

/** The error for an unsupported part. It has details, like Azure's, because chaostoolkit-azure shows only these. */
export function unsupported (part: string): ArmError {
  const error = new ArmError('ResourceGraphUnknown', { part })
  error.details = [{ code: 'InvalidQuery', message: error.message }]
  return error
}
