import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const SRC = fileURLToPath(new URL('../src', import.meta.url))

/** What each room may import of ours besides itself; the files at the top, which put them together, may import all. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  identity: ['core', 'data-dir.ts', 'usage-error.ts'],
  environment: ['core', 'usage-error.ts', 'whole-file.ts'],
  executors: ['core'],
  guest: ['executors', 'core'],
  plugins: [],
  listener: ['data-dir.ts', 'usage-error.ts'],
  arm: ['guest', 'identity', 'core', 'plugins', 'openapi.ts'],
  entra: ['identity', 'core', 'plugins', 'openapi.ts'],
  admin: ['openapi.ts'],
  commands: ['environment', 'config.ts', 'emulator.ts', 'usage-error.ts', 'version.ts', 'whole-file.ts']
}

/** Rooms that know no Fastify, and rooms that do no I/O. */
const WITHOUT_FASTIFY = ['core', 'identity', 'guest', 'executors', 'listener', 'environment']
const WITHOUT_IO = ['core']
const IO = ['node:fs', 'node:fs/promises', 'node:net', 'node:http', 'node:https', 'node:tls', 'node:child_process']

interface Import {
  readonly file: string
  readonly room: string
  readonly from: string
}

const imports: Import[] = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.ts'))
  .flatMap(file => {
    const text = readFileSync(join(SRC, file), 'utf8')
    const found = [...text.matchAll(/(?:^import\b[^'\n]*|^export\b[^'\n]*\bfrom |^} from |\bimport\()'([^']+)'/gm)]
    return found.map(([, from]) => ({ file, room: roomOf(file), from: from! }))
  })

function roomOf (file: string): string {
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : file
}

function target ({ file, from }: Import): string {
  return roomOf(posix.join(dirname(file), from).replace(/\.js$/, '.ts'))
}

t.test('every room of src has its place in the drawing', async t => {
  const rooms = new Set(imports.map(({ room }) => room).filter(room => !room.endsWith('.ts')))
  t.same([...rooms].sort(), Object.keys(MAY_IMPORT).sort())
})

t.test('a room imports only the rooms below it', async t => {
  const trespassing = imports
    .filter(({ from, room }) => from.startsWith('.') && room in MAY_IMPORT)
    .filter(each => target(each) !== each.room && !MAY_IMPORT[each.room]!.includes(target(each)))
  t.same(trespassing.map(({ file, from }) => `${file} imports ${from}`), [])
})

t.test('core, identity, guest, executors, listener and environment know no Fastify', async t => {
  const found = imports.filter(({ room, from }) => WITHOUT_FASTIFY.includes(room) && /^@?fastify/.test(from))
  t.same(found, [])
})

t.test('core does no I/O', async t => {
  t.same(imports.filter(({ room, from }) => WITHOUT_IO.includes(room) && IO.includes(from)), [])
})

t.test('emulator.ts and what reads its options put the rooms together', async t => {
  const known = new Set(imports.filter(({ file }) => /^emulator(?:-options)?\.ts$/.test(file)).map(target))
  for (const room of ['core', 'identity', 'guest', 'executors', 'plugins', 'listener', 'arm', 'entra', 'admin']) t.ok(known.has(room), room)
})
