import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { minVersion, satisfies } from 'semver'
import t from 'tap'
import { PROJECT } from '../harness/packed.js'

const DIST = join(PROJECT, 'dist')
const { dependencies, engines, overrides } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'))

const skip = existsSync(DIST) ? false : 'there is no dist: npm run build makes it'

interface Lock {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean, readonly engines?: { readonly node?: string } }>>
}

t.test('has only the declarations that those of the library refer to', { skip }, async t => {
  const reached = new Set<string>()
  const reach = (file: string): void => {
    if (reached.has(file)) return
    reached.add(file)
    const named = readFileSync(join(DIST, file), 'utf8').matchAll(/\b(?:from |import\(|import )['"](\.[^'"]+)\.js['"]/g)
    for (const [, path] of named) reach(join(dirname(file), `${path}.d.ts`))
  }
  for (const entry of ['index.d.ts', 'kit/index.d.ts']) reach(entry)
  const declarations = readdirSync(DIST, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.d.ts'))
  t.ok(declarations.length > 10)
  t.strictSame(declarations.sort(), [...reached].sort())
})

t.test('has the licence of each package that is compiled into it', { skip }, async t => {
  const licenses = readFileSync(join(DIST, 'THIRD-PARTY-LICENSES.txt'), 'utf8').split(/^---$/m)
  for (const name of ['jose', '@peculiar/x509', 'fastify', '@fastify/swagger', 'ajv', 'light-my-request']) {
    t.match(licenses.find(each => each.includes(`Name: ${name}\n`)), /^License Text:$/m, name)
  }
})

t.test('is loaded without import(), which Jest cannot run', { skip }, async t => {
  const modules = readdirSync(DIST, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.js'))
  const found = modules.filter(name => /(?<![\w.#])import\s*\(\s*["'`]/.test(readFileSync(join(DIST, name), 'utf8')))
  t.strictSame(found, [])
})

t.test('installs nothing that requires a newer Node than azrun does', async t => {
  // From 6.8 on, Fastify's light-my-request brings cookie 2, which requires Node 22. Only a direct dependency
  // prevents that with npm and pnpm: they ignore the "overrides" of a package that they install.
  t.equal(overrides, undefined)
  const { packages } = JSON.parse(readFileSync(join(PROJECT, 'package-lock.json'), 'utf8')) as Lock
  const oldest = minVersion(engines.node)!
  const installed = Object.entries(packages).filter(([name, { dev }]) => name !== '' && dev !== true)
  t.ok(installed.length > Object.keys(dependencies).length)
  t.same(installed.filter(([, { engines }]) => !satisfies(oldest, engines?.node ?? '*')), [])
})
