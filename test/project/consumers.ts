/**
 * Installs the packed package in empty projects, the folders of consumers/, like a user, and runs their tests.
 *
 *   npm run test:consumers      needs the registries of npm and Python, curl, Python and Go
 */
import { copyFileSync, cpSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { newDirectory } from '../harness/directory.js'
import { npm, pack, runAsUser } from '../harness/packed.js'

const CONSUMERS = fileURLToPath(new URL('consumers', import.meta.url))

/** The most milliseconds for a step, mainly because a registry can be slow. */
const LIMIT = 180_000

const NPM = ['npm', 'install', '--prefer-offline', '--no-audit', '--no-fund']
// Yarn 1 checks the engines of a dependency of Fastify although azrun pins an older one: see the README.
const YARN = ['npx', '--yes', 'yarn@1.22.22', 'install', '--no-lockfile', '--ignore-engines', '--non-interactive']

interface Consumer {
  readonly does: string
  readonly install?: readonly string[]
  readonly prints: RegExp
}

const consumers: Readonly<Record<string, Consumer>> = {
  esm: { does: 'imports azrun', prints: /^ready$/m },
  commonjs: { does: 'requires azrun', prints: /^ready$/m },
  typescript: { does: 'compiles against its types, as ESM and as CommonJS, and runs', prints: /^deallocated 3 200 function 1\nready\n1 0 string https ----- false true$/m },
  'node-test': { does: 'starts it in tests of node:test', prints: /pass 2/ },
  vitest: { does: 'starts it in tests of vitest', prints: /2 passed/ },
  jest: { does: 'starts it in tests of Jest, without flags', prints: /4 passed/ },
  yarn: { does: 'installs it with Yarn 1', install: YARN, prints: /^ready$/m },
  'command-line': { does: 'runs its command line', prints: /^\d+\.\d+\.\d+\nready$/m },
  curl: { does: 'runs curl against it', prints: /\[stdout\]\\nhello from a script\\n/ },
  pytest: { does: 'runs pytest against it', prints: /1 passed/ },
  go: { does: 'runs go test against it', prints: /^ok\s+example\.com\/consumer/m }
}

/** A new directory outside this project, because runs on two versions of Node may overlap. */
const directory = newDirectory(t)
const tarball = await pack(directory)

for (const [name, { does, install = NPM, prints }] of Object.entries(consumers)) {
  t.test(`a project that ${does}`, async t => {
    const project = join(directory, name)
    cpSync(join(CONSUMERS, name), project, { recursive: true })
    copyFileSync(tarball, join(project, 'azrun.tgz'))
    await runAsUser(project, install[0]!, install.slice(1), LIMIT)
    const { stdout, stderr } = await npm(project, ['test', '--silent'], LIMIT)
    t.match(`${stdout}${stderr}`, prints)
  })
}
