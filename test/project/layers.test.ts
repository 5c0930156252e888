import { readdirSync, readFileSync } from 'node:fs'
import { dirname, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const SRC = fileURLToPath(new URL('../../src/', import.meta.url))

/** Files that connect their room to the rooms inside it. Each counts as a room of its own, above both. */
const CONNECTING = ['admin/dispatch.ts', 'admin/page-endpoints.ts', 'admin/plugin.ts', 'admin/test-api.ts', 'arm/handlers/index.ts',
  'arm/plugin.ts', 'commands/definitions.ts', 'commands/program.ts', 'entra/handlers.ts', 'entra/plugin.ts', 'executors/index.ts']

/**
 * What each room may import from src besides itself: other rooms, and the files at the top of src, in `CONNECTING` and
 * in emulator/ by their names.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  time: [],
  operations: ['time', 'core'],
  resources: ['operations', 'core'],
  files: [],
  logging: [],
  processes: [],
  executors: ['resources', 'operations', 'time', 'core'],
  'executors/shell': ['executors', 'core', 'files', 'processes'],
  'executors/index.ts': ['executors', 'executors/shell', 'time', 'core'],
  transfers: ['core'],
  guest: ['executors', 'resources', 'operations', 'time', 'core'],
  identity: ['resources', 'time', 'core', 'files'],
  environment: ['resources', 'core', 'files'],
  validation: [],
  matching: ['core', 'validation'],
  scenarios: ['matching', 'operations', 'time', 'core', 'validation'],
  rules: ['journal', 'core'],
  reports: ['rules', 'journal', 'time', 'core', 'files'],
  journal: ['matching', 'scenarios', 'operations', 'time', 'core'],
  http: ['matching', 'journal', 'scenarios', 'operations', 'time', 'core', 'logging'],
  certificates: ['core', 'files'],
  listener: ['certificates', 'core'],
  'arm/responses': ['http', 'time'],
  'arm/errors': ['arm/responses'],
  'arm/parameters': ['arm/errors', 'http'],
  'arm/json': ['arm/errors', 'http'],
  'arm/contract': ['arm/json', 'arm/parameters', 'arm/responses', 'http', 'matching', 'core'],
  'arm/resources': ['arm/errors', 'resources', 'core'],
  arm: ['arm/contract', 'arm/errors', 'arm/json', 'arm/parameters', 'arm/resources', 'arm/responses', 'journal', 'identity', 'http', 'scenarios', 'resources', 'operations', 'time', 'core'],
  'arm/operations': ['arm/errors', 'arm/responses', 'http', 'resources', 'operations', 'time', 'core'],
  'arm/effects': ['arm', 'arm/errors', 'arm/operations', 'arm/resources', 'arm/responses', 'journal', 'http', 'scenarios', 'resources', 'operations', 'time', 'core'],
  'arm/documents': ['arm/responses', 'resources', 'time', 'core'],
  'arm/handlers': ['arm/contract', 'arm/documents', 'arm/effects', 'arm/errors', 'arm/operations', 'arm/resources', 'arm/responses', 'guest', 'scenarios', 'matching', 'resources', 'operations', 'time', 'core', 'logging'],
  'arm/handlers/managed': ['arm/contract', 'arm/effects', 'arm/errors', 'arm/handlers', 'arm/json', 'arm/operations', 'arm/resources', 'arm/responses', 'guest', 'resources', 'operations', 'core'],
  'arm/handlers/index.ts': ['arm/handlers', 'arm/handlers/managed', 'arm/operations'],
  'arm/plugin.ts': ['arm', 'arm/contract', 'arm/effects', 'arm/errors', 'arm/handlers', 'arm/handlers/index.ts', 'arm/parameters', 'arm/responses', 'http', 'core'],
  entra: ['entra/errors', 'resources', 'time', 'core', 'http', 'identity', 'journal', 'scenarios'],
  'entra/errors': [],
  'entra/effects': ['entra', 'entra/errors', 'http', 'identity', 'scenarios'],
  'entra/oauth': ['entra', 'entra/effects', 'entra/errors', 'identity', 'resources', 'time', 'core', 'http'],
  'entra/metadata': ['entra', 'entra/effects', 'entra/errors', 'identity', 'resources', 'core', 'http'],
  'entra/handlers.ts': ['entra', 'entra/metadata', 'entra/oauth'],
  'entra/plugin.ts': ['entra', 'entra/effects', 'entra/errors', 'entra/handlers.ts', 'entra/metadata', 'http'],
  admin: ['conformance', 'resources', 'time', 'core', 'reports', 'http', 'journal', 'scenarios', 'validation'],
  'admin/handlers': ['admin', 'resources', 'time', 'core', 'journal', 'scenarios', 'reports'],
  conformance: ['arm', 'arm/contract', 'arm/errors', 'arm/json', 'arm/parameters', 'arm/responses', 'http', 'journal', 'matching', 'core', 'validation'],
  'admin/pages': ['resources', 'operations', 'time', 'core', 'http'],
  'admin/dispatch.ts': ['admin', 'admin/handlers', 'http', 'validation'],
  'admin/test-api.ts': ['admin', 'admin/dispatch.ts', 'http', 'validation'],
  'admin/page-endpoints.ts': ['admin', 'admin/pages', 'http'],
  'admin/plugin.ts': ['admin', 'admin/page-endpoints.ts', 'admin/test-api.ts', 'http'],
  options: ['arm', 'arm/errors', 'arm/responses', 'entra/errors', 'identity', 'certificates', 'executors', 'executors/index.ts', 'scenarios', 'resources', 'time', 'core', 'files', 'validation'],
  'data-dir': ['core', 'executors/shell', 'files', 'options'],
  commands: ['time', 'core', 'data-dir', 'emulator/emulator.ts', 'environment', 'files', 'logging', 'options', 'processes', 'emulator/start.ts', 'validation', 'version.ts'],
  'commands/check': ['matching', 'commands', 'time', 'core', 'journal', 'logging', 'options', 'reports', 'rules', 'scenarios', 'version.ts'],
  'commands/doctor': ['commands', 'data-dir', 'environment', 'options', 'core', 'executors/shell', 'files'],
  'commands/definitions.ts': ['commands', 'commands/check', 'commands/doctor', 'environment', 'options', 'validation'],
  'commands/program.ts': ['commands', 'commands/definitions.ts', 'core', 'options', 'version.ts'],
  'version.ts': [],
  stores: ['core'],
  'emulator/declared.ts': ['identity', 'options', 'resources'],
  'emulator/services.ts': ['emulator/declared.ts', 'conformance', 'reports', 'http', 'guest', 'identity', 'journal', 'scenarios', 'options', 'resources', 'operations', 'time', 'core', 'emulator/reset.ts', 'emulator/state.ts'],
  'emulator/apply.ts': ['executors', 'identity', 'options', 'resources', 'scenarios', 'emulator/services.ts'],
  'emulator/create-services.ts': ['emulator/apply.ts', 'emulator/declared.ts', 'conformance', 'reports', 'http', 'guest', 'identity', 'journal', 'scenarios', 'stores', 'transfers', 'options', 'resources', 'operations', 'time', 'core', 'emulator/reset.ts', 'emulator/services.ts', 'emulator/state.ts', 'version.ts'],
  'emulator/state.ts': ['scenarios', 'options', 'resources', 'core'],
  'emulator/reset.ts': ['http', 'journal', 'scenarios', 'resources', 'operations', 'core'],
  'emulator/app.ts': ['admin', 'admin/plugin.ts', 'arm', 'arm/contract', 'arm/plugin.ts', 'arm/responses', 'core', 'entra', 'entra/plugin.ts', 'http', 'emulator/services.ts'],
  'emulator/port-options.ts': ['arm/errors', 'listener', 'logging', 'options', 'core'],
  'emulator/open-report.ts': ['reports', 'options', 'emulator/services.ts'],
  'emulator/assemble.ts': ['data-dir', 'identity', 'listener', 'options', 'core', 'emulator/app.ts', 'emulator/emulator.ts', 'emulator/open-report.ts', 'emulator/public-machines.ts', 'emulator/services.ts'],
  'emulator/public-machines.ts': ['options', 'resources', 'core', 'emulator/emulator.ts'],
  'emulator/emulator.ts': ['resources', 'time', 'core', 'identity', 'journal', 'scenarios', 'emulator/reset.ts'],
  'emulator/start.ts': ['data-dir', 'identity', 'certificates', 'listener', 'logging', 'options', 'core', 'emulator/assemble.ts', 'emulator/emulator.ts', 'emulator/port-options.ts', 'emulator/create-services.ts'],
  'cli.ts': ['commands', 'commands/program.ts'],
  'code-cache.ts': ['files'],
  'bin.ts': ['code-cache.ts', 'commands', 'version.ts'],
  kit: ['matching', 'journal', 'scenarios', 'validation', 'options', 'resources', 'time', 'core', 'emulator/emulator.ts', 'emulator/start.ts', 'emulator/reset.ts'],
  'index.ts': ['matching', 'emulator/emulator.ts', 'emulator/start.ts', 'arm', 'arm/responses', 'identity', 'options', 'executors', 'executors/index.ts', 'stores', 'resources', 'operations', 'time', 'core', 'journal', 'scenarios', 'emulator/reset.ts']
}

/** Rooms that do not use Fastify, and rooms that do no I/O. */
const WITHOUT_FASTIFY =
  ['core', 'time', 'operations', 'resources', 'matching', 'scenarios', 'journal', 'rules', 'reports', 'validation', 'conformance', 'stores', 'files', 'logging', 'processes', 'identity', 'guest', 'executors', 'executors/shell', 'transfers', 'certificates', 'listener', 'environment', 'options', 'data-dir', 'commands', 'commands/check', 'commands/doctor', 'kit']
const WITHOUT_IO = ['core', 'time', 'operations', 'resources']
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

/** The folder of a file, or the file itself if it has a rule of its own: emulator/ puts all rooms together. */
function roomOf (file: string): string {
  return dirname(file) === '.' || dirname(file) === 'emulator' || CONNECTING.includes(file) ? file : dirname(file)
}

function oursOf (file: string): readonly string[] {
  return imports.get(file)!.filter(each => imports.has(each))
}

t.test('every relative import is a file in src', async t => {
  for (const [file, imported] of imports) {
    t.same(imported.filter(each => each.endsWith('.ts') && !imports.has(each)), [], file)
  }
})

t.test('every room and every file at the top of src or in emulator/ has a rule', async t => {
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
  t.same(circles(sources, oursOf), [])
})

t.test('no rooms import each other in a circle', async t => {
  const rooms = Object.keys(MAY_IMPORT)
  t.same(circles(rooms, room => MAY_IMPORT[room]!), [])
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

/** Each circle of imports, from the place where it was found back to it. */
function circles (all: readonly string[], importsOf: (each: string) => readonly string[]): string[][] {
  const found: string[][] = []
  const done = new Set<string>()
  const visit = (each: string, path: readonly string[]) => {
    if (path.includes(each)) { found.push([...path.slice(path.indexOf(each)), each]); return }
    if (done.has(each)) return
    for (const next of importsOf(each)) visit(next, [...path, each])
    done.add(each)
  }
  for (const each of all) visit(each, [])
  return found
}
