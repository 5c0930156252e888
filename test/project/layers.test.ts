import { readdirSync, readFileSync } from 'node:fs'
import { dirname, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const SRC = fileURLToPath(new URL('../../src/', import.meta.url))

/** What each room may import from src besides itself: other rooms, and the files at the top of src by their names. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  files: [],
  logging: [],
  processes: [],
  executors: ['core', 'files', 'processes'],
  transfers: ['core'],
  guest: ['executors', 'core'],
  identity: ['core', 'files'],
  environment: ['core', 'files'],
  validation: [],
  scenarios: ['core', 'validation'],
  rules: ['journal'],
  reports: ['journal'],
  findings: ['arm', 'rules', 'reports', 'journal', 'core', 'files'],
  journal: ['scenarios', 'core'],
  http: ['journal', 'scenarios', 'core', 'logging'],
  listener: ['core', 'files'],
  arm: ['arm/handlers', 'journal', 'identity', 'scenarios', 'core', 'http'],
  'arm/documents': ['arm', 'core'],
  'arm/handlers': ['arm', 'arm/documents', 'guest', 'core', 'logging', 'scenarios'],
  entra: ['entra/oauth', 'entra/metadata', 'journal', 'identity', 'core', 'http', 'scenarios'],
  'entra/oauth': ['entra', 'identity', 'core', 'http'],
  'entra/metadata': ['entra', 'identity', 'core', 'http'],
  admin: ['admin/handlers', 'admin/pages', 'journal', 'scenarios', 'core', 'http', 'validation', 'conformance', 'findings'],
  'admin/handlers': ['admin', 'core', 'journal', 'scenarios', 'findings', 'reports'],
  conformance: ['arm', 'http', 'journal', 'validation'],
  'admin/pages': ['core', 'http'],
  options: ['arm', 'entra', 'identity', 'executors', 'scenarios', 'core', 'files', 'validation'],
  commands: ['commands/check', 'commands/doctor', 'environment', 'options', 'core', 'validation', 'files', 'logging', 'processes', 'emulator.ts', 'start.ts', 'version.ts'],
  'commands/check': ['commands', 'arm', 'core', 'findings', 'journal', 'logging', 'options', 'reports', 'rules', 'scenarios', 'version.ts'],
  'commands/doctor': ['commands', 'environment', 'options', 'core'],
  'version.ts': [],
  stores: ['core'],
  'declared.ts': ['identity', 'options', 'core'],
  'services.ts': ['declared.ts', 'conformance', 'findings', 'http', 'guest', 'identity', 'journal', 'scenarios', 'stores', 'transfers', 'options', 'core', 'reset.ts', 'state.ts'],
  'state.ts': ['scenarios', 'options', 'core'],
  'reset.ts': ['journal', 'scenarios', 'core'],
  'app.ts': ['admin', 'arm', 'entra', 'http', 'core', 'services.ts', 'version.ts'],
  'port-options.ts': ['arm', 'listener', 'logging', 'options', 'core'],
  'report.ts': ['findings', 'options', 'core', 'services.ts', 'version.ts'],
  'assemble.ts': ['admin', 'executors', 'identity', 'listener', 'options', 'core', 'app.ts', 'emulator.ts', 'public-machines.ts', 'report.ts', 'services.ts'],
  'public-machines.ts': ['options', 'core', 'emulator.ts'],
  'emulator.ts': ['core', 'identity', 'journal', 'scenarios', 'reset.ts'],
  'start.ts': ['identity', 'listener', 'logging', 'options', 'core', 'assemble.ts', 'emulator.ts', 'port-options.ts', 'services.ts'],
  'cli.ts': ['commands'],
  'code-cache.ts': ['files'],
  'bin.ts': ['commands', 'code-cache.ts', 'version.ts'],
  kit: ['journal', 'scenarios', 'validation', 'options', 'core', 'emulator.ts', 'start.ts', 'reset.ts'],
  'index.ts': ['emulator.ts', 'start.ts', 'arm', 'identity', 'options', 'executors', 'stores', 'core', 'journal', 'scenarios', 'reset.ts']
}

/** Rooms that do not use Fastify, and rooms that do no I/O. */
const WITHOUT_FASTIFY =
  ['core', 'scenarios', 'journal', 'rules', 'reports', 'findings', 'validation', 'conformance', 'stores', 'files', 'logging', 'processes', 'identity', 'guest', 'executors', 'transfers', 'listener', 'environment', 'options', 'commands', 'commands/check', 'commands/doctor', 'kit']
const WITHOUT_IO = ['core']
const IO = /^node:(?:fs|net|http|https|tls|child_process)(?:\/|$)/

const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts')).sort()

/** What each file imports: the file if it is in src, otherwise the specifier. */
const imports = new Map(sources.map(file => {
  const text = readFileSync(`${SRC}${file}`, 'utf8')
  const found = text.matchAll(/(?:^import\b[^'\n]*|^export\b[^'\n]*\bfrom |^} from |\bimport\()'([^']+)'/gm)
  return [file, [...found].map(([, specifier]) => resolve(file, specifier!))] as const
}))

function resolve (file: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier
  const path = posix.join(dirname(file), specifier).replace(/\.js$/, '')
  return sources.includes(`${path}.d.ts`) ? `${path}.d.ts` : `${path}.ts`
}

/** The folder of a file, or the file itself if it is at the top of src. */
function roomOf (file: string): string {
  return file.includes('/') ? dirname(file) : file
}

function oursOf (file: string): readonly string[] {
  return imports.get(file)!.filter(each => imports.has(each))
}

t.test('every relative import is a file in src', async t => {
  for (const [file, imported] of imports) {
    t.same(imported.filter(each => each.endsWith('.ts') && !imports.has(each)), [], file)
  }
})

t.test('every room and every file at the top of src has a rule', async t => {
  t.same([...new Set(sources.map(roomOf))].sort(), Object.keys(MAY_IMPORT).sort())
})

t.test('a room imports only the rooms below it', async t => {
  const found = sources.flatMap(file => oursOf(file).map(roomOf)
    .filter(room => room !== roomOf(file) && !MAY_IMPORT[roomOf(file)]!.includes(room))
    .map(room => `${file} imports from ${room}`))
  t.same(found, [])
})

t.test('every import that is allowed is used', async t => {
  for (const [room, allowed] of Object.entries(MAY_IMPORT)) {
    const used = new Set(sources.filter(file => roomOf(file) === room).flatMap(file => oursOf(file).map(roomOf)))
    t.same(allowed.filter(each => !used.has(each)), [], room)
  }
})

t.test('no files import each other in a circle', async t => {
  t.same(circles(), [])
})

t.test('the rooms in WITHOUT_FASTIFY do not import Fastify', async t => {
  const found = sources.filter(file => WITHOUT_FASTIFY.includes(roomOf(file)))
    .filter(file => imports.get(file)!.some(each => /^@?fastify/.test(each)))
  t.same(found, [])
})

t.test('core does no I/O', async t => {
  const found = sources.filter(file => WITHOUT_IO.includes(roomOf(file)))
    .filter(file => imports.get(file)!.some(each => IO.test(each)))
  t.same(found, [])
})

/** Each circle of imports, from the file where it was found back to that file. */
function circles (): string[][] {
  const found: string[][] = []
  const done = new Set<string>()
  const visit = (file: string, path: readonly string[]) => {
    if (path.includes(file)) { found.push([...path.slice(path.indexOf(file)), file]); return }
    if (done.has(file)) return
    for (const next of oursOf(file)) visit(next, [...path, file])
    done.add(file)
  }
  for (const file of sources) visit(file, [])
  return found
}
