import { getLocation, parse, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser'
import { ArmError } from './errors.js'

/** What ajv says of a value that breaks a rule. */
export interface Violation {
  readonly keyword: string
  readonly instancePath: string
  readonly params: Readonly<Record<string, unknown>>
}

type Path = readonly (string | number)[]

/** The service's error for text that is not JSON, in the words of its deserializer. */
export function malformedBody (text: string): ArmError {
  const problem = firstProblem(text)
  const path = outermostOnOverflow(() => getLocation(text, problem.offset).path, [])
  const named = path.at(-1) === '' ? path.slice(0, -1) : path
  return new ArmError('MalformedJson', { reason: reasonOf(problem, text), path: pathText(named), ...lineAt(text, problem.offset) })
}

/** The service's error for JSON that breaks the schema of that name, in the words of its deserializer. */
export function invalidBody ({ keyword, instancePath, params }: Violation, text: string, schema: string): ArmError {
  const at = instancePath.split('/').slice(1).map(segment => /^\d+$/.test(segment) ? Number(segment) : segment)
  if (keyword === 'required') return missing(pathText([...at, `${params['missingProperty']}`]))
  if (keyword === 'additionalProperties') {
    const member = `${params['additionalProperty']}`
    const path = [...at, member]
    const colon = find(text, path)?.parent?.colonOffset ?? -1
    return new ArmError('UnknownMember', { member, type: typeAt(at, schema), path: pathText(path), ...lineAt(text, colon + 1) })
  }
  const node = find(text, at)
  const end = node === undefined ? 0 : node.offset + node.length
  const value = shortened(node === undefined ? text.trim() : text.slice(node.offset, end))
  const type = params['type'] === 'object' ? typeAt(at, schema) : DESERIALIZED[`${params['type']}`] ?? `${params['type']}`
  return new ArmError('WrongType', { value, type, path: pathText(at), ...lineAt(text, end) })
}

/** The service's error for what must be there and is not. */
export function missing (parameter: string): ArmError {
  return new ArmError('InvalidParameter', { parameter })
}

/** Types by the names that .NET's deserializer gives them. */
const DESERIALIZED: Readonly<Record<string, string>> = {
  string: 'System.String',
  array: 'System.Collections.Generic.List`1'
}

function typeAt (path: Path, schema: string): string {
  return path[0] === 'parameters' ? 'RunCommandInputParameter' : schema
}

function firstProblem (text: string): ParseError {
  const problems: ParseError[] = []
  outermostOnOverflow(() => parse(text, problems, { disallowComments: true }), undefined)
  return problems[0] ?? { error: NaN, offset: 0, length: 0 }
}

function reasonOf ({ error, offset }: ParseError, text: string): string {
  const point = text.codePointAt(offset)
  if (point === undefined) return 'Unexpected end when deserializing object'
  const character = String.fromCodePoint(point)
  switch (printParseErrorCode(error)) {
    case 'CommaExpected':
    case 'CloseBraceExpected':
    case 'CloseBracketExpected':
    case 'EndOfFileExpected':
      return `After parsing a value an unexpected character was encountered: ${character}`
    case 'PropertyNameExpected':
      return `Invalid property identifier character: ${character}`
    case 'ColonExpected':
      return `Invalid character after parsing property name. Expected ':' but got: ${character}`
    default:
      return `Unexpected character encountered while parsing value: ${character}`
  }
}

function find (text: string, path: Path): Node | undefined {
  return path.reduce<Node | undefined>(childOf, outermostOnOverflow(() => parseTree(text), undefined))
}

/** Of members with the same name the last one counts, as for JSON.parse. */
function childOf (node: Node | undefined, segment: string | number): Node | undefined {
  if (typeof segment === 'number') return node?.children?.[segment]
  return node?.children?.findLast(({ children }) => children?.[0]?.value === segment)?.children?.[1]
}

/** The library descends by recursion: of a body that is nested too deeply for it, only the outermost place is told. */
function outermostOnOverflow<Value> (look: () => Value, outermost: Value): Value {
  try {
    return look()
  } catch (error) {
    if (error instanceof RangeError) return outermost
    throw error
  }
}

/** `parameters[0].value` */
function pathText (path: Path): string {
  return path.reduce<string>((text, segment) =>
    typeof segment === 'number' ? `${text}[${segment}]` : text === '' ? segment : `${text}.${segment}`, '')
}

function lineAt (text: string, offset: number): { line: number, position: number } {
  const before = text.slice(0, offset)
  return { line: before.split('\n').length, position: offset - (before.lastIndexOf('\n') + 1) }
}

function shortened (text: string): string {
  return text.length <= 100 ? text : `${text.slice(0, 100)}…`
}
