import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { createEmulator, startEmulator, UsageError, type EmulatorOptions, type Executor } from '../src/index.js'
import { build, get, runCommandUrl, SUBSCRIPTION } from './helper.js'

const machine = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'vm' }

/** What a program in JavaScript may get wrong, and what it is told. */
const mistakes: Readonly<Record<string, { readonly options: object, readonly says: string }>> = {
  'an unknown option': { options: { prot: 1 }, says: "option 'prot' is not known; there are host, port, " },
  'a bad port': { options: { port: '80' }, says: "option 'port' must be a whole number, not \"80\"" },
  'a bad delay': { options: { delay: 0.5 }, says: "option 'delay' must be a whole number, not 0.5" },
  'a bad choice': { options: { respond: 'sync' }, says: "option 'respond' must be one of async, immediate, not \"sync\"" },
  'an unknown executor': { options: { executor: 'sandbox' }, says: "option 'executor' must be one of fixture, shell" },
  'an executor that is a number': { options: { executor: 1 }, says: "option 'executor' must be text, not 1" },
  'an executor without a method': { options: { executor: {} }, says: "option 'executor' must be an executor's name or have" },
  'an executor whose answer is no method': {
    options: { executor: { execute: async () => {}, answer: 'yes' } },
    says: "option 'executor' has an answer that is no method but \"yes\""
  },
  'an executor that is null': { options: { executor: null }, says: "option 'executor' must be an executor's name or have" },
  'an empty host': { options: { host: '' }, says: "option 'host' must not be empty, not \"\"" },
  'fixtures that are no list': { options: { fixtures: 1 }, says: "option 'fixtures' must be a list, not 1" },
  'a fixture without a name': { options: { fixtures: [{ result: {} }] }, says: "option 'fixtures/0' must have 'name'" },
  'a fixture with a typo': {
    options: { fixtures: [{ name: 'x', match: { vm: 'x' }, result: {} }] },
    says: "option 'fixtures/0/match/vm' is not known; there are commandId, vmName, script, parameters"
  },
  'fixtures beside an executor that reads none': {
    options: { fixtures: [], executor: { execute: async () => {} } },
    says: "option 'fixtures' is given with an executor that does not answer from fixtures"
  },
  'scripts of other machines for an executor of its own': {
    options: { host: '0.0.0.0', executor: { execute: async () => {} } },
    says: 'an executor of your own on --host 0.0.0.0 would let other machines run scripts'
  },
  'a machine without a name': {
    options: { virtualMachines: [{ subscriptionId: SUBSCRIPTION, resourceGroup: 'rg' }] },
    says: "option 'virtualMachines/0' must have 'name'"
  },
  'a machine of another system': {
    options: { virtualMachines: [{ ...machine, osType: 'linux' }] },
    says: "option 'virtualMachines/0/osType' must be one of Linux, Windows, not \"linux\""
  },
  'a subscription that is no GUID': {
    options: { subscriptions: [{ subscriptionId: '1' }] },
    says: "option 'subscriptions/0/subscriptionId' must be a GUID"
  },
  'a config that is not there': { options: { config: '/nowhere.json' }, says: "option 'config' /nowhere.json cannot be read" },
  'a certificate without its key': { options: { cert: 'c.pem' }, says: '--cert c.pem is given without --key' },
  'scripts of other machines': { options: { executor: 'shell', host: '0.0.0.0' }, says: '--allow-remote-execution' }
}

for (const [what, { options, says }] of Object.entries(mistakes)) {
  t.test(`refuses ${what}, with a port and without`, async t => {
    const dataDir = t.testdir()
    for (const make of [createEmulator, startEmulator]) {
      const error: unknown = await make({ dataDir, ...options } as EmulatorOptions).catch((error: unknown) => error)
      t.ok(error instanceof UsageError)
      t.ok(`${error}`.includes(says), `${error}`)
    }
  })
}

t.test('takes an option that is undefined for one that is not given', async t => {
  const names = ['host', 'port', 'executor', 'fixtures', 'respond', 'delay', 'virtualMachines', 'config', 'logLevel', 'clock', 'cert']
  const dataDir = t.testdir()
  const emulator = await startEmulator({ ...Object.fromEntries(names.map(name => [name, undefined])), dataDir })
  t.teardown(() => emulator.close())
  t.match(emulator.url, /^https:\/\/127\.0\.0\.1:/)
  t.not(emulator.port, 10900)
})

t.test('takes options of a file, and those given over them', async t => {
  const dir = t.testdir({
    'azrun.json': JSON.stringify({ dataDir: 'data', host: '127.0.0.2', respond: 'immediate', virtualMachines: [machine] })
  })
  const config = join(dir, 'azrun.json')
  const { url, caFile } = await startedWith(t, { config })
  t.match(url, /^https:\/\/127\.0\.0\.2:\d+$/)
  t.equal(caFile, join(dir, 'data', 'ca', 'cert.pem'))
  t.match((await startedWith(t, { config, host: '127.0.0.1' })).url, /^https:\/\/127\.0\.0\.1:\d+$/)
})

t.test('listens on the port that a file names', async t => {
  const { port, close } = await taken()
  await close()
  const dir = t.testdir({ 'azrun.json': JSON.stringify({ dataDir: 'data', port }) })
  const emulator = await startedWith(t, { config: join(dir, 'azrun.json') })
  t.equal(emulator.port, port)
})

t.test('has the virtual machines of the options, of the file, or of both: those of the options then', async t => {
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
  t.match(lines.map(line => JSON.parse(line)), [{ msg: 'request', url: '/_emulator/health' }])
})

t.test('frees what it holds where it cannot listen, and says why', async t => {
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
