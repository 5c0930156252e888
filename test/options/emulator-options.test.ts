import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { createEmulator, startEmulator, UsageError, type EmulatorOptions, type Executor } from '../../src/index.js'
import { AUTHORIZATION, build, get, runCommandUrl, SUBSCRIPTION } from '../harness/emulator.js'

const machine = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'vm' }

/** Mistakes that a JavaScript program can make, and the error message of each. */
const mistakes: Readonly<Record<string, { readonly options: object, readonly says: string }>> = {
  'an unknown option': {
    options: { prot: 1 },
    says: "option 'prot' is not a known property; expected one of host, port, "
  },
  'a bad port': { options: { port: '80' }, says: "option 'port' must be a whole number, not \"80\"" },
  'a bad delay': { options: { delay: 0.5 }, says: "option 'delay' must be a whole number, not 0.5" },
  'a bad choice': { options: { respond: 'sync' }, says: "option 'respond' must be one of async, immediate, not \"sync\"" },
  'an unknown executor': { options: { executor: 'sandbox' }, says: "option 'executor' must be one of fixture, shell" },
  'an executor that is a number': { options: { executor: 1 }, says: "option 'executor' must be text, not 1" },
  'an executor without a method': { options: { executor: {} }, says: "option 'executor' must be an executor's name or an object" },
  'a store without a method': { options: { store: { records () {} } }, says: "option 'store' must be an object with a method 'clear'" },
  'a clock without a method': { options: { clock: {} }, says: "option 'clock' must be an object with a method 'now'" },
  'a logger that is not one of pino': {
    options: { logger: console },
    says: "option 'logger' must be a pino logger with a method 'isLevelEnabled'"
  },
  'a ready file': { options: { readyFile: 'ready.json' }, says: "option 'readyFile' is for the command line only" },
  'an executor that is null': { options: { executor: null }, says: "option 'executor' must be an executor's name or an object" },
  'no script at once': { options: { executor: 'shell', maxScripts: 0 }, says: "option 'maxScripts' must be at least 1, not 0" },
  'a number of scripts without an executor that runs any': {
    options: { maxScripts: 2 },
    says: '--max-scripts 2 is given with --executor fixture, which runs no scripts: remove it, or use --executor shell'
  },
  'an empty host': { options: { host: '' }, says: "option 'host' must not be empty, not \"\"" },
  'fixtures that are not a list': { options: { fixtures: 1 }, says: "option 'fixtures' must be a list, not 1" },
  'a fixture without a name': { options: { fixtures: [{ result: {} }] }, says: "option 'fixtures/0' must have 'name'" },
  'a fixture with a typo': {
    options: { fixtures: [{ name: 'x', match: { vm: 'x' }, result: {} }] },
    says: "option 'fixtures/0/match/vm' is not a known property; expected one of commandId, vmName, script, parameters"
  },
  'fixtures with an executor that does not use them': {
    options: { fixtures: [], executor: { execute: async () => {} } },
    says: "option 'fixtures' is given with an executor that does not use fixtures: remove one of the two"
  },
  'scripts from other machines for a custom executor': {
    options: { host: '0.0.0.0', executor: { execute: async () => {} } },
    says: 'an executor of your own on --host 0.0.0.0 would let other machines run scripts'
  },
  'a machine without a name': {
    options: { virtualMachines: [{ subscriptionId: SUBSCRIPTION, resourceGroup: 'rg' }] },
    says: "option 'virtualMachines/0' must have 'name'"
  },
  'a machine with an unknown operating system': {
    options: { virtualMachines: [{ ...machine, osType: 'linux' }] },
    says: "option 'virtualMachines/0/osType' must be one of Linux, Windows, not \"linux\""
  },
  'a subscription id that is not a GUID': {
    options: { subscriptions: [{ subscriptionId: '1' }] },
    says: "option 'subscriptions/0/subscriptionId' must be a GUID"
  },
  'a config file that does not exist': { options: { config: '/nowhere.json' }, says: "option 'config' /nowhere.json cannot be read" },
  'a certificate without its key': { options: { cert: 'c.pem' }, says: '--cert c.pem is given without --key' },
  'scripts from other machines': { options: { executor: 'shell', host: '0.0.0.0' }, says: '--allow-remote-execution' }
}

for (const [what, { options, says }] of Object.entries(mistakes)) {
  t.test(`refuses ${what}, with and without a port`, async t => {
    const dataDir = t.testdir()
    for (const make of [createEmulator, startEmulator]) {
      const error: unknown = await make({ dataDir, ...options } as EmulatorOptions).catch((error: unknown) => error)
      t.ok(error instanceof UsageError)
      t.ok(`${error}`.includes(says), `${error}`)
    }
  })
}

for (const options of [null, [], 10900, 'azrun.json']) {
  t.test(`refuses ${JSON.stringify(options)} in place of options`, async t => {
    for (const make of [createEmulator, startEmulator]) {
      await t.rejects(make(options as never), new UsageError('the options must be an object such as { port: 10900 }, ' +
        `not ${JSON.stringify(options)}: give one, or none at all`))
    }
  })
}

t.test('treats an undefined option as not given', async t => {
  const names = ['host', 'port', 'executor', 'fixtures', 'respond', 'delay', 'virtualMachines', 'config', 'logLevel', 'clock', 'cert']
  const dataDir = t.testdir()
  const emulator = await startEmulator({ ...Object.fromEntries(names.map(name => [name, undefined])), dataDir })
  t.teardown(() => emulator.close())
  t.match(emulator.url, /^https:\/\/127\.0\.0\.1:/)
  t.not(emulator.port, 10900)
})

t.test('reads options from a file, which options passed directly override', async t => {
  const dir = t.testdir({
    'azrun.json': JSON.stringify({ dataDir: 'data', host: '127.0.0.2', respond: 'immediate', virtualMachines: [machine] })
  })
  const config = join(dir, 'azrun.json')
  const { url, caFile } = await startedWith(t, { config })
  t.match(url, /^https:\/\/127\.0\.0\.2:\d+$/)
  t.equal(caFile, join(dir, 'data', 'ca', 'cert.pem'))
  t.match((await startedWith(t, { config, host: '127.0.0.1' })).url, /^https:\/\/127\.0\.0\.1:\d+$/)
})

t.test('listens on the port that a config file sets', async t => {
  const { port, close } = await taken()
  await close()
  const dir = t.testdir({ 'azrun.json': JSON.stringify({ dataDir: 'data', port }) })
  const emulator = await startedWith(t, { config: join(dir, 'azrun.json') })
  t.equal(emulator.port, port)
})

t.test('uses the virtual machines of the options if there are any, otherwise those of the file', async t => {
  const dir = t.testdir({ 'azrun.json': JSON.stringify({ virtualMachines: [{ ...machine, name: 'filed' }] }) })
  const config = join(dir, 'azrun.json')
  const virtualMachines = [{ ...machine, name: 'given' }]
  const has = async (options: EmulatorOptions) => {
    const emulator = await build(t, options)
    const statuses = ['filed', 'given'].map(async vmName =>
      (await get(emulator, runCommandUrl({ vmName }).replace('/runCommand?', '?'))).statusCode)
    return await Promise.all(statuses)
  }
  t.strictSame(await has({ config }), [200, 404])
  t.strictSame(await has({ virtualMachines }), [404, 200])
  t.strictSame(await has({ config, virtualMachines }), [404, 200])
})

t.test('logs to the logger that it is given', async t => {
  const lines: string[] = []
  const sink = new Writable({ write: (chunk, _encoding, done) => { lines.push(`${chunk}`); done() } })
  const emulator = await build(t, { logger: pino({ level: 'debug' }, sink) })
  await emulator.app.inject('/_emulator/health')
  await emulator.app.inject({ url: '/subscriptions?api-version=2022-12-01', headers: AUTHORIZATION })
  const { payload } = await emulator.app.inject('/common/discovery/keys')
  t.match(lines.map(line => JSON.parse(line)), [
    { msg: 'request', method: 'GET', url: '/_emulator/health', status: 200, ms: Number },
    { msg: 'request', operation: 'Subscriptions_List', status: 200, bytes: Number },
    { msg: 'request', operation: 'Keys_ListV1', status: 200, bytes: Buffer.byteLength(payload) }
  ])
})

t.test('closes its executor and reports the reason if it cannot listen', async t => {
  const { port, close } = await taken()
  t.teardown(close)
  let closed = 0
  const executor: Executor = {
    execute: async () => ({ exitCode: 0, stdout: '', stderr: '' }),
    close: async () => { closed++ }
  }
  await t.rejects(startEmulator({ port, executor, dataDir: t.testdir() }), { code: 'EADDRINUSE' })
  t.equal(closed, 1)
})

async function taken (): Promise<{ port: number, close (): Promise<void> }> {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const close = async () => { await once(server.close(), 'close') }
  return { port: (server.address() as AddressInfo).port, close }
}

async function startedWith (t: Test, options: EmulatorOptions) {
  const emulator = await startEmulator(options)
  t.teardown(() => emulator.close())
  return emulator
}
