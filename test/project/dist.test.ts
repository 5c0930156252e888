import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join } from 'node:path'
import { minVersion, satisfies } from 'semver'
import t from 'tap'
import { PROJECT } from '../harness/packed.js'

const DIST = join(PROJECT, 'dist')
const { dependencies, engines, overrides } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'))

const skip = existsSync(DIST) ? false : 'needs npm run build'

interface Lock {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean, readonly engines?: { readonly node?: string } }>>
}

t.test('has only the declarations that the public ones refer to', { skip }, async t => {
  const reached = new Set<string>()
  const reach = (file: string): void => {
    if (reached.has(file)) return
    reached.add(file)
    const specifiers = readFileSync(join(DIST, file), 'utf8').matchAll(/\b(?:from |import\(|import )['"](\.[^'"]+)\.js['"]/g)
    for (const [, path] of specifiers) reach(join(dirname(file), `${path}.d.ts`))
  }
  for (const entry of ['index.d.ts', 'kit/index.d.ts']) reach(entry)
  const declarations = readdirSync(DIST, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.d.ts'))
  t.ok(declarations.length > 10)
  t.strictSame(declarations.sort(), [...reached].sort())
})

t.test('its declarations import only Node and the dependencies of azrun', { skip }, async t => {
  const declarations = readdirSync(DIST, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.d.ts'))
  const specifiers = declarations.flatMap(name =>
    [...readFileSync(join(DIST, name), 'utf8').matchAll(/\b(?:from |import\(|import )['"]([^.'"][^'"]*)['"]/g)].map(([, specifier]) => specifier!))
  t.ok(specifiers.includes('fastify'))
  t.strictSame(specifiers.filter(specifier => !isBuiltin(specifier) && !(specifier in dependencies)), [])
})

t.test('has the licence of each package that is compiled into it', { skip }, async t => {
  const licenses = readFileSync(join(DIST, 'THIRD-PARTY-LICENSES.txt'), 'utf8').split(/^---$/m)
  for (const name of ['jose', '@peculiar/x509', 'fastify', '@fastify/swagger', 'ajv', 'light-my-request']) {
    t.match(licenses.find(each => each.includes(`Name: ${name}\n`)), /^License Text:$/m, name)
  }
})

t.test('does not use import(), which Jest cannot run', { skip }, async t => {
  const modules = readdirSync(DIST, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.js'))
  const found = modules.filter(name => /(?<![\w.#])import\s*\(\s*["'`]/.test(readFileSync(join(DIST, name), 'utf8')))
  t.strictSame(found, [])
})

t.test('installs no package that requires a newer Node than azrun', async t => {
  // Since 6.8 Fastify's light-my-request requires cookie 2, which requires Node 22. Only a direct dependency prevents
  // that, because npm and pnpm ignore the "overrides" of a package that they install.
  t.equal(overrides, undefined)
  const { packages } = JSON.parse(readFileSync(join(PROJECT, 'package-lock.json'), 'utf8')) as Lock
  const oldest = minVersion(engines.node)!
  const installed = Object.entries(packages).filter(([name, { dev }]) => name !== '' && dev !== true)
  t.ok(installed.length > Object.keys(dependencies).length)
  t.same(installed.filter(([, { engines }]) => !satisfies(oldest, engines?.node ?? '*')), [])
})
