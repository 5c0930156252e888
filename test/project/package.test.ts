import {
  cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync
} from 'node:fs'
import { isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t from 'tap'
import { newDirectory } from '../harness/directory.js'
import { npm, pack, PROJECT, runAsUser } from '../harness/packed.js'

const { version, dependencies } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'))

const consumer = newDirectory(t, { 'package.json': JSON.stringify({ name: 'consumer', dependencies: { azrun: version } }) })
mkdirSync(join(consumer, 'node_modules'))
for (const name of ['esm', 'commonjs', 'typescript']) {
  cpSync(join(PROJECT, 'test/project/consumers', name), join(consumer, name), { recursive: true })
}

const installed = join(consumer, 'node_modules', 'azrun')

/** Installs the package as published, but without the network: links only its dependencies. */
async function install (): Promise<void> {
  await runAsUser(consumer, 'tar', ['xzf', await pack(consumer)])
  renameSync(join(consumer, 'package'), installed)
  for (const name of [...Object.keys(dependencies), '@types/node']) {
    const link = join(consumer, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(PROJECT, 'node_modules', name), link)
  }
  await npm(consumer, ['rebuild', '--offline', '--ignore-scripts', 'azrun'])
}

await install()

/** The sources that only the command line needs, which are part of dist/cli. */
const COMMAND_LINE = /^(?:bin|cli|code-cache|(?:commands|environment)\/.*)\.ts$/

t.test('contains exactly the files that it needs at run time', async t => {
  const files = readdirSync(installed, { recursive: true, encoding: 'utf8' })
    .filter(name => statSync(join(installed, name)).isFile())
  t.strictSame(files.filter(name => !/^(dist|openapi|fixtures|docs)\//.test(name)).sort(),
    ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'])
  t.strictSame(files.filter(name => name.startsWith('dist/') && !/\.(js|d\.ts)$/.test(name)).sort(),
    ['dist/THIRD-PARTY-LICENSES.txt', 'dist/package.json'], 'no source maps or other files')
  t.strictSame(files.filter(name => /(?:^|\/)test\/|\.test\./.test(name)), [])
  for (const folder of ['openapi', 'fixtures', 'docs']) {
    t.strictSame(readdirSync(join(installed, folder)).sort(), readdirSync(join(PROJECT, folder)).sort(), folder)
  }
  const sources = readdirSync(join(PROJECT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts') && !name.endsWith('.d.ts') && !COMMAND_LINE.test(name))
  t.strictSame(files.filter(name => /^dist\/(?!cli\.js|(?:cli|vendor|_virtual)\/).*\.js$/.test(name)).sort(),
    sources.map(name => `dist/${name.replace(/\.ts$/, '.js')}`).sort(), 'exactly one file for each source of the library')
})

t.test('has no script that an installer runs or warns about', async t => {
  const { scripts } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
  for (const name of ['preinstall', 'install', 'postinstall', 'prepare']) t.equal(scripts[name], undefined, name)
})

t.test('its types compile in a strict program, as ESM and as CommonJS', async t => {
  const tsc = join(PROJECT, 'node_modules', 'typescript', 'bin', 'tsc')
  const { stdout } = await runAsUser(join(consumer, 'typescript'), process.execPath, [tsc, '--noEmit'])
    .catch((error: { readonly stdout: string }) => error)
  t.equal(stdout, '')
})

for (const [name, how] of [['esm', 'import'], ['commonjs', 'require()']] as const) {
  t.test(`can be loaded with ${how}, as the same module as with the other way`, async t => {
    const { stdout, stderr } = await runAsUser(join(consumer, name), process.execPath, ['index.js'])
    t.equal(stdout, 'ready\n')
    t.equal(stderr, '')
  })
}

t.test('the library requires only Node, its dependencies and itself', async t => {
  const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
  const packages = readdirSync(join(installed, 'dist'), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.js') && !name.startsWith('cli/'))
    .flatMap(name => [...readFileSync(join(installed, 'dist', name), 'utf8').matchAll(/\brequire\(["'`]([^."'`][^"'`]*)["'`]\)/g)])
    .map(([, specifier]) => specifier!).filter(specifier => !isBuiltin(specifier))
    .map(specifier => specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/'))
  t.strictSame([...new Set(packages)].filter(name => !(name in dependencies)).sort(), [])
})

t.test('exports its package.json, but no internal file', async t => {
  writeFileSync(join(consumer, 'deep.mjs'), `
    const found = path => import(path).then(() => 'found', error => error.code)
    console.log(await found('azrun/dist/start.js'), import.meta.resolve('azrun/package.json').slice(-13))
  `)
  const { stdout } = await runAsUser(consumer, process.execPath, ['deep.mjs'])
  t.equal(stdout, 'ERR_PACKAGE_PATH_NOT_EXPORTED /package.json\n')
})

t.test('installs the azrun command', async t => {
  for (const directory of [installed, PROJECT]) {
    t.equal(statSync(join(directory, 'dist', 'cli.js')).mode & 0o111, 0o111, 'executable, even in a clone after a second build')
  }
  t.ok(readFileSync(join(installed, 'dist', 'cli.js'), 'utf8').startsWith('#!/usr/bin/env node\n'))
  const { stdout } = await npm(consumer, ['exec', '--offline', '--no', '--', 'azrun', '--version'])
  t.equal(stdout, `${version}\n`)
})

t.test('the command line needs no other package', async t => {
  const directory = mkdtempSync(join(tmpdir(), 'azrun-package-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  cpSync(installed, directory, { recursive: true })
  const login = `fetch(process.env.AZRUN_URL.replace('https:', 'http:') + '/organizations/oauth2/v2.0/token', {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials', client_id: crypto.randomUUID(), client_secret: 'any', scope: 'https://management.azure.com/.default'
    })
  }).then(response => response.json()).then(({ token_type }) => console.log(token_type))`
  const { stdout } = await runAsUser(directory, process.execPath,
    ['dist/cli.js', 'exec', '--data-dir', 'data', '--', process.execPath, '-e', login])
  t.equal(stdout, 'Bearer\n')
})
