import { isUtf8 } from 'node:buffer'
import { parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser'
import { readBounded } from '../files/read-bounded.js'
import type { Mistake } from '../validation/mistakes.js'
import { textOf, type Path } from '../validation/paths.js'
import { plainName, tell, type OptionName } from './names.js'

/** A JSON file that may have comments and trailing commas. */
export interface JsoncFile {
  /** Undefined if the syntax is wrong. */
  readonly value: unknown
  /** Syntax errors, and names that an object has twice, a line each. */
  readonly problems: readonly string[]
  nameOf (path: Path, at?: Mistake['at']): OptionName
  /** Formats mistakes as lines, in the order of the file. */
  tell (mistakes: readonly Mistake[]): string[]
}

/** Reads and parses a file. Throws the system's error if it cannot be read. */
export function readJsonc (file: string): JsoncFile {
  const bytes = readBounded(file)
  if (!isUtf8(bytes)) return unparsed(file, [`${file}: the file is not in UTF-8: save it in that encoding`])
  const text = bytes.toString().replace(/^\uFEFF/, '')
  const errors: ParseError[] = []
  const root = parsed(text, errors)
  if (root === 'too deep') return unparsed(file, [`${file}: the file is nested too deeply: nest fewer lists and objects`])
  const positionOf = positionsIn(text)
  const place = (offset: number) => `${file}:${positionOf(offset).join(':')}:`
  if (root === undefined || errors.length > 0) {
    const problems = text.trim() === ''
      ? [`${file}: the file is empty`]
      : syntaxProblems(text, errors, offset => positionOf(offset)[0], place)
    return unparsed(file, problems)
  }
  const nodeAt = finderIn(root)
  const offsetOf = (path: Path, at: Mistake['at'] = 'value') => nodeAt(path, at).offset
  const nameOf = (path: Path, at?: Mistake['at']): OptionName => {
    const name = path.length === 0 ? 'the file' : `'${textOf(path)}'`
    return { subject: `${place(offsetOf(path, at))} ${name}`, text: `${name} of ${file}` }
  }
  return {
    value: valueOf(root),
    problems: repeated(root).map(key => `${place(key.offset)} '${key.value}' is given twice: remove one of the two`),
    nameOf,
    tell (mistakes) {
      const placed = mistakes.map(mistake => ({ mistake, offset: offsetOf(mistake.path, mistake.at) }))
      return tell(placed.sort((a, b) => a.offset - b.offset).map(({ mistake }) => mistake), nameOf)
    }
  }
}

/** A file without a value. */
function unparsed (file: string, problems: readonly string[]): JsoncFile {
  return { value: undefined, problems, nameOf: () => plainName(file), tell: () => [] }
}

/** The tree of a text. The parser exhausts the stack for one that is nested thousands of levels deep. */
function parsed (text: string, errors: ParseError[]): Node | undefined | 'too deep' {
  try {
    return parseTree(text, errors, { allowTrailingComma: true })
  } catch (error) {
    if (error instanceof RangeError) return 'too deep'
    throw error
  }
}

/** Returns a function that converts an offset in the text to line and column, which count from 1. */
function positionsIn (text: string): (offset: number) => [number, number] {
  const starts = [0, ...Array.from(text.matchAll(/\r\n|\r|\n/g), ({ index, 0: end }) => index + end.length)]
  return offset => {
    let line = 0
    let end = starts.length
    while (end - line > 1) {
      const middle = (line + end) >>> 1
      if (starts[middle]! <= offset) line = middle
      else end = middle
    }
    return [line + 1, offset - starts[line]! + 1]
  }
}

/** The first error of each line: the parser goes on after an error, which may cause others. */
function syntaxProblems (text: string, errors: readonly ParseError[], lineOf: (offset: number) => number,
  place: (offset: number) => string): string[] {
  const lines = new Map<number, string>()
  for (const error of errors) {
    const line = lineOf(error.offset)
    if (!lines.has(line)) lines.set(line, `${place(error.offset)} ${syntaxProblem(text, error)}`)
  }
  return [...lines.values()]
}

/**
 * Names a character that only looks like one of JSON. It does so without validation/nearest, which names those in
 * words: a source that both import would become a file of its own in the bundle, which each start loads.
 */
function syntaxProblem (text: string, { error, offset, length }: ParseError): string {
  const code = printParseErrorCode(error)
  const [foreign] = (code === 'InvalidSymbol' && /[^\0-\x7f]/u.exec(text.slice(offset, offset + length))) || []
  if (foreign === undefined) return SYNTAX[code] ?? 'the syntax is wrong'
  const name = `U+${foreign.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`
  return `the character ${name} is not JSON; replace or remove it: only text in double quotes may have it`
}

const SYNTAX: Readonly<Record<string, string>> = {
  InvalidSymbol: 'this is not JSON; text needs double quotes',
  InvalidNumberFormat: 'this is not a valid JSON number',
  PropertyNameExpected: 'expected a name in double quotes',
  ValueExpected: 'expected a value',
  ColonExpected: 'expected a colon',
  CommaExpected: 'expected a comma or a closing bracket',
  CloseBraceExpected: 'expected a closing brace }',
  CloseBracketExpected: 'expected a closing bracket ]',
  EndOfFileExpected: 'expected the end of the file',
  UnexpectedEndOfComment: 'the comment does not end',
  UnexpectedEndOfString: 'the text does not end on its line; it needs a closing double quote',
  UnexpectedEndOfNumber: 'the number does not end',
  InvalidUnicode: 'expected four hexadecimal digits after \\u',
  InvalidEscapeCharacter: 'this character cannot follow a backslash',
  InvalidCharacter: 'a control character must be written as an escape, such as \\n or \\t'
}

/** The value of a node. Unlike the parser's own function, this treats `__proto__` as a name like any other. */
function valueOf ({ type, value, children = [] }: Node): unknown {
  if (type === 'array') return children.map(valueOf)
  if (type !== 'object') return value
  return Object.fromEntries(children.map(({ children: [key, member] = [] }) => [key!.value, valueOf(member!)]))
}

/** The keys that repeat an earlier key of their object. */
function repeated ({ type, children = [] }: Node): Node[] {
  const names = new Set<string>()
  return children.flatMap(child => {
    const [key] = child.children ?? []
    const isRepeated = type === 'object' && names.has(key!.value)
    if (type === 'object') names.add(key!.value)
    return [...isRepeated ? [key!] : [], ...repeated(child)]
  })
}

/**
 * Returns a function that finds the node of a path. It indexes each object only once: a file may have thousands of
 * mistakes.
 */
function finderIn (root: Node): (path: Path, at: Mistake['at']) => Node {
  const read = new Map<Node, ReadonlyMap<string, Node>>()
  const propertiesOf = (object: Node) => {
    const known = read.get(object)
    if (known !== undefined) return known
    const properties = new Map(object.children!.map(property => [`${property.children![0]!.value}`, property]))
    read.set(object, properties)
    return properties
  }
  return (path, at) => {
    const node = path.reduce<Node>((parent, segment) => typeof segment === 'number'
      ? parent.children![segment]!
      : propertiesOf(parent).get(segment)!.children![1]!, root)
    return at === 'key' ? node.parent!.children![0]! : node
  }
}
