import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import type { ErrorEntry } from '../../src/arm/errors/entry.js'
import { errors } from '../../src/arm/errors/table.js'
import { PUBLISHED, skipPublished } from '../harness/azure-data.js'

const ROOT = new URL('../../', import.meta.url)
const read = (file: string) => readFileSync(new URL(file, ROOT), 'utf8')

interface Row {
  readonly operation: string
  readonly method: string
  readonly path: string
  readonly topics: readonly string[]
}

const page = read('docs/operations.md')
const rows = [...page.matchAll(/^\| `(\w+_\w+)` \| `([A-Z]+) (\S+)` \| [^|]+ \| [^|]+ \| ([^|]+) \|$/gm)]
  .map(([, operation, method, path, named]) => [operation!, method!, path!, named!] as const)
  .map(([operation, method, path, named]): Row => ({ operation, method, path, topics: quoted(named) }))
const [, inferred = ''] = page.split('## What is inferred')
const topics = [...inferred.matchAll(/^\| `([^`]+)` \|/gm)].map(([, topic]) => topic!)

t.test('docs/operations.md has exactly one row for each operation', async t => {
  const served = ['arm', 'entra'].flatMap(operationsOf)
  t.strictSame(rows.map(({ operation }) => operation).sort(), served.map(({ operation }) => operation).sort())
  for (const { operation, method, path } of served) {
    const row = rows.find(each => each.operation === operation)!
    t.equal(row.method, method, operation)
    t.ok(row.path.startsWith('…') ? path.endsWith(row.path.slice(1)) : path === row.path, `${operation}: ${row.path}`)
  }
})

t.test('the first table of docs/operations.md is the Run Command surface of the published contract', { skip: skipPublished }, async t => {
  const { paths } = JSON.parse(readFileSync(new URL('runCommand.json', PUBLISHED), 'utf8'))
  const [, section] = page.split('\n## ')
  const shown = rows.filter(({ operation }) => section!.includes(`\`${operation}\``)).map(({ operation }) => operation)
  const published = Object.values<Record<string, { operationId: string }>>(paths)
    .flatMap(methods => Object.values(methods).map(({ operationId }) => operationId))
  t.equal(published.length, 14)
  t.strictSame(shown.sort(), published.sort())
})

t.test('the table of inferred facts has each topic that an operation names, once', async t => {
  t.equal(new Set(topics).size, topics.length)
  const named = new Set(rows.flatMap(row => row.topics))
  t.strictSame([...named].filter(topic => !topics.includes(topic)), [])
})

t.test('the table of inferred facts names exactly the source files with one', async t => {
  const named = new Set([...inferred.matchAll(/`(src\/[\w./-]+)`/g)].map(([, file]) => file!))
  t.strictSame([...named].sort(), sources().filter(infers).sort())
})

t.test('the table of inferred facts names each error whose text or status is inferred', async t => {
  const names = Object.entries<ErrorEntry>(errors).filter(([, { source }]) => source === 'inferred').map(([name]) => name)
  t.strictSame(names.filter(name => !inferred.includes(`\`${name}\``)), [])
})

function operationsOf (document: string): Omit<Row, 'topics'>[] {
  const { paths } = JSON.parse(read(`openapi/${document}.json`))
  return Object.entries<Record<string, { operationId?: string }>>(paths).flatMap(([path, methods]) =>
    Object.entries(methods).filter(([, { operationId }]) => operationId !== undefined)
      .map(([method, { operationId }]) => ({ operation: operationId!, method: method.toUpperCase(), path })))
}

function sources (): string[] {
  return readdirSync(new URL('src', ROOT), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts')).map(name => `src/${name.replaceAll('\\', '/')}`)
}

/** Whether a file has an inferred fact, by a comment or the source of an entry. */
function infers (file: string): boolean {
  return /\*.*\binferred\b|\/\/.*\binferred\b|source: 'inferred'/i.test(read(file))
}

function quoted (text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, each]) => each!)
}
