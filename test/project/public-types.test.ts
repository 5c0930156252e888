import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import ts from 'typescript'
import { PROJECT } from '../harness/packed.js'

const DIST = join(PROJECT, 'dist')
const ENTRIES = { azrun: join(DIST, 'index.d.ts'), 'azrun/test': join(DIST, 'kit/index.d.ts') }

const skip = existsSync(DIST) ? false : 'there is no dist: npm run build makes it'

const program = ts.createProgram(skip === false ? Object.values(ENTRIES) : [], {
  module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2023, types: ['node']
})
const checker = program.getTypeChecker()

/** What an entry of the package exports, by name. */
function exportsOf (entry: string): ReadonlyMap<string, ts.Symbol> {
  const file = checker.getSymbolAtLocation(program.getSourceFile(entry)!)!
  return new Map(checker.getExportsOfModule(file).map(each => [each.name, resolved(each)]))
}

function resolved (symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
}

function isOurs (node: ts.Node): boolean {
  return node.getSourceFile().fileName.startsWith(DIST)
}

function isError (type: ts.Type): boolean {
  return type.getProperty('stack') !== undefined
}

/** What a user sees of an export: of a class or an interface its members, inherited ones, too. */
function declarationsOf (symbol: ts.Symbol): ts.Declaration[] {
  if (!(symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface))) return [...symbol.declarations ?? []]
  const type = checker.getDeclaredTypeOfSymbol(symbol)
  // A program makes none of azrun's errors, except for those of its own executor.
  const isMade = !isError(type) || symbol.name === 'ExecutionError'
  const constructors = isMade ? symbol.members?.get(ts.InternalSymbolName.Constructor)?.declarations ?? [] : []
  const members = type.getProperties().flatMap(({ declarations = [] }) => declarations)
  return [...constructors, ...members].filter(isOurs)
}

/** Our types that a declaration names. */
function namedIn (declaration: ts.Node): ts.Symbol[] {
  const found: ts.Symbol[] = []
  const visit = (node: ts.Node): void => {
    const name = ts.isTypeReferenceNode(node) ? node.typeName : ts.isImportTypeNode(node) ? node.qualifier : undefined
    const symbol = name && checker.getSymbolAtLocation(name)
    if (symbol) found.push(resolved(symbol))
    ts.forEachChild(node, visit)
  }
  visit(declaration)
  return found.filter(({ flags, declarations = [] }) =>
    !(flags & ts.SymbolFlags.TypeParameter) && declarations.some(isOurs))
}

t.test('the declarations compile in a project that checks those of its dependencies', { skip }, async t => {
  const problems = program.getSourceFiles().filter(isOurs).flatMap(file => program.getSemanticDiagnostics(file))
  t.strictSame(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')), [])
})

t.test('every type that an export refers to is exported, by azrun or beside it', { skip }, async t => {
  for (const [name, entry] of Object.entries(ENTRIES)) {
    const exported = new Set([...exportsOf(ENTRIES.azrun).values(), ...exportsOf(entry).values()])
    const missing = [...exportsOf(entry)].flatMap(([from, symbol]) => declarationsOf(symbol).flatMap(namedIn)
      .filter(each => !exported.has(each)).map(each => `${each.name}, to which ${from} refers`))
    t.strictSame([...new Set(missing)], [], name)
  }
})

t.test('every error that the comment on an export names is exported beside it', { skip }, async t => {
  const classes = program.getSourceFiles().filter(isOurs).flatMap(({ statements }) => [...statements])
    .filter(ts.isClassDeclaration)
  const ofErrors = classes.filter(each => isError(checker.getTypeAtLocation(each))).map(({ name }) => name!.text)
  for (const [name, entry] of Object.entries(ENTRIES)) {
    const exported = exportsOf(entry)
    const comments = [...exported.values()].flatMap(declarationsOf).map(declaration => declaration.getFullText())
    const named = comments.flatMap(text => [...text.matchAll(/`([A-Z]\w+)`/g)].map(([, each]) => each!))
    const errors = [...new Set(named)].filter(each => ofErrors.includes(each))
    t.ok(errors.includes('UsageError'))
    t.strictSame(errors.filter(each => !exported.has(each)), [], name)
  }
})

t.test('no two types of azrun and of azrun/test have the same name', { skip }, async t => {
  const azrun = exportsOf(ENTRIES.azrun)
  const others = [...exportsOf(ENTRIES['azrun/test'])].filter(([name, symbol]) =>
    symbol.flags & ts.SymbolFlags.Type && azrun.has(name) && azrun.get(name) !== symbol)
  t.strictSame(others.map(([name]) => name), [])
})
