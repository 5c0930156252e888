import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { minVersion, satisfies } from 'semver'
import t from 'tap'

const run = promisify(execFile)

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
const { version, dependencies } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'))

interface Lock {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean, readonly engines?: { readonly node?: string } }>>
}

const consumer = t.testdir({
  'package.json': JSON.stringify({ name: 'consumer', type: 'module', dependencies: { azrun: version } }),
  'tsconfig.json': JSON.stringify({
    compilerOptions: { module: 'nodenext', target: 'es2022', strict: true, types: ['node'], noEmit: true },
    files: ['consumer.ts']
  }),
  'consumer.ts': `
    import { createEmulator, startEmulator, virtualMachineId } from 'azrun'
    import { ExecutionError, MemoryStore, UsageError, VirtualClock, systemClock } from 'azrun'
    import type { Clock, Emulator, EmulatorOptions, Execution, ExecutionResult, Executor, Fixture } from 'azrun'
    import type { PowerState, RunContext, RunningEmulator, Store, SubscriptionDeclaration } from 'azrun'
    import type { VirtualMachine, VirtualMachineDeclaration } from 'azrun'
    import type { FastifyRequest } from 'fastify'

    const executor: Executor = {
      async execute ({ script, args, env, vm }: Execution, { signal }: RunContext): Promise<ExecutionResult> {
        signal.throwIfAborted()
        if (script === '') throw new ExecutionError('ScriptEmpty', vm.id.name)
        return { exitCode: 0, stdout: args[0] + env['HOME'], stderr: '' }
      }
    }
    const immediate: Executor = { execute: () => ({ exitCode: 0, stdout: '', stderr: '' }) }
    const clock: Clock = new VirtualClock(new Date())
    const store: Store = new MemoryStore({ capacity: 100 })
    const fixtures: readonly Fixture[] = [{ name: 'one', match: { vmName: '*' }, result: { stdout: 'hello' } }]
    const subscriptions: SubscriptionDeclaration[] = []
    const machine: VirtualMachineDeclaration = { subscriptionId: 's', resourceGroup: 'rg', name: 'vm', osType: 'Windows' }
    const options: EmulatorOptions = {
      executor, clock, fixtures, store, subscriptions, virtualMachines: [machine], respond: 'immediate', pace: 'azure', delay: 1
    }
    const emulator: Emulator = await createEmulator({ ...options, clock: systemClock })
    const found: VirtualMachine | undefined = emulator.virtualMachines.find(virtualMachineId('s', 'rg', 'vm'))
    const state: PowerState = await emulator.machineStates.get(found!)
    await emulator.machineStates.set(found!, 'deallocated')
    const { statusCode } = await emulator.app.inject('/_emulator/health')
    const running: RunningEmulator = await startEmulator().catch((error: unknown) => {
      throw error instanceof UsageError ? new Error(error.message) : error
    })
    const strings: [string, string, string] = [running.url, running.httpUrl, running.caFile]
    const numbers: [number, number] = [running.port, statusCode]
    await running.reset()
    await running.close()
    console.log(found, state, strings, numbers, immediate)

    // @ts-expect-error: what azrun adds to its requests is not added to everybody's
    type Added = FastifyRequest['apiVersion']
    // @ts-expect-error: it is async or immediate
    await createEmulator({ respond: 'sync' })
    // @ts-expect-error: no port is text
    await startEmulator({ port: '80' })
    // @ts-expect-error: an option of the command line alone
    await startEmulator({ readyFile: 'ready.json' })
    // @ts-expect-error: a result or an error
    await createEmulator({ fixtures: [{ name: 'neither' }] })
  `,
  'consumer.js': `
    import { startEmulator } from 'azrun'
    const emulator = await startEmulator({ dataDir: 'data' })
    const { status } = await (await fetch(emulator.httpUrl + '/_emulator/health')).json()
    const page = await fetch(emulator.httpUrl + '/_emulator/docs')
    await emulator.close()
    console.log(status, page.status)
  `,
  node_modules: {}
})

const installed = join(consumer, 'node_modules', 'azrun')

/** Installs the package as it would be published, without the network: only its dependencies are linked. */
async function install (): Promise<void> {
  const { stdout } = await npm(PROJECT, 'pack', '--ignore-scripts', '--silent', '--pack-destination', consumer)
  await run('tar', ['xzf', stdout.trim()], { cwd: consumer })
  renameSync(join(consumer, 'package'), installed)
  for (const name of [...Object.keys(dependencies), '@types/node']) {
    const link = join(consumer, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(PROJECT, 'node_modules', name), link)
  }
  await npm(consumer, 'rebuild', '--offline', '--ignore-scripts', 'azrun')
}

async function npm (cwd: string, ...args: string[]) {
  return await inConsumer('npm', [...args, '--no-audit', '--no-fund', '--no-update-notifier'], cwd)
}

/** Runs a program as a user's shell would: without the variables that npm and the terminal add for the tests. */
async function inConsumer (program: string, args: readonly string[], cwd = consumer) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_|^FORCE_COLOR$/i.test(name)))
  return await run(program, args, { cwd, env, timeout: 60_000 })
}

await install()

t.test('contains only the files that it needs at run time', async t => {
  const files = readdirSync(installed, { recursive: true, encoding: 'utf8' })
    .filter(name => statSync(join(installed, name)).isFile())
  t.strictSame(files.filter(name => !/^(dist|openapi|fixtures|docs)\//.test(name)).sort(),
    ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'])
  t.strictSame(files.filter(name => name.startsWith('dist/') && !/\.(js|d\.ts)$/.test(name)), [], 'no source maps or other files')
  t.strictSame(files.filter(name => name.includes('test')), [])
  for (const folder of ['openapi', 'fixtures', 'docs']) {
    t.strictSame(readdirSync(join(installed, folder)).sort(), readdirSync(join(PROJECT, folder)).sort(), folder)
  }
  const sources = readdirSync(join(PROJECT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts') && !name.endsWith('.d.ts'))
  t.strictSame(files.filter(name => name.startsWith('dist/') && name.endsWith('.js')).sort(),
    sources.map(name => `dist/${name.replace(/\.ts$/, '.js')}`).sort(), 'one file for each source, and no stale ones')
})

t.test('installs nothing that requires a newer Node than azrun does', async t => {
  // From 6.8 on, Fastify's light-my-request brings cookie 2, which requires Node 22. Only a direct dependency
  // prevents that with npm and pnpm: they ignore the "overrides" of a package that they install.
  const { engines, overrides } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'))
  t.equal(overrides, undefined)
  const { packages } = JSON.parse(readFileSync(join(PROJECT, 'package-lock.json'), 'utf8')) as Lock
  const oldest = minVersion(engines.node)!
  const installed = Object.entries(packages).filter(([name, { dev }]) => name !== '' && dev !== true)
  t.ok(installed.length > Object.keys(dependencies).length)
  t.same(installed.filter(([, { engines }]) => !satisfies(oldest, engines?.node ?? '*')), [])
})

t.test('has no script that an installer would run or warn about', async t => {
  const { scripts } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
  for (const name of ['preinstall', 'install', 'postinstall', 'prepare']) t.equal(scripts[name], undefined, name)
})

t.test('has types that compile in a strict program', async t => {
  const tsc = join(PROJECT, 'node_modules', 'typescript', 'bin', 'tsc')
  const { stdout } = await inConsumer(process.execPath, [tsc, '-p', '.'])
    .catch((error: { readonly stdout: string }) => error)
  t.equal(stdout, '')
})

t.test('can be imported by its name', async t => {
  const { stdout, stderr } = await inConsumer(process.execPath, ['consumer.js'])
  t.equal(stdout, 'ready 200\n')
  t.equal(stderr, '')
})

t.test('exports its package.json, but no internal file', async t => {
  writeFileSync(join(consumer, 'deep.js'), `
    const found = path => import(path).then(() => 'found', error => error.code)
    console.log(await found('azrun/dist/emulator.js'), import.meta.resolve('azrun/package.json').slice(-13))
  `)
  const { stdout } = await inConsumer(process.execPath, ['deep.js'])
  t.equal(stdout, 'ERR_PACKAGE_PATH_NOT_EXPORTED /package.json\n')
})

t.test('installs the azrun command', async t => {
  t.equal(statSync(join(installed, 'dist', 'cli.js')).mode & 0o111, 0o111, 'executable')
  t.ok(readFileSync(join(installed, 'dist', 'cli.js'), 'utf8').startsWith('#!/usr/bin/env node\n'))
  const { stdout } = await npm(consumer, 'exec', '--offline', '--no', '--', 'azrun', '--version')
  t.equal(stdout, `${version}\n`)
})
