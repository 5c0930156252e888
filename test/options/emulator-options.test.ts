import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import {
  createEmulator, startEmulator, systemClock, UsageError, VirtualClock, type EmulatorOptions, type Executor
} from '../../src/index.js'
import { AUTHORIZATION, build, get, runCommandUrl, SUBSCRIPTION } from '../harness/emulator.js'
import { matchList } from '../harness/match-list.js'

const machine = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'vm' }

t.test('reports every mistake in its options at once, with and without a port', async t => {
  const options = { dataDir: t.testdir(), prot: 1, delay: 'x', clock: {} } as object as EmulatorOptions
  for (const create of [createEmulator, startEmulator]) {
    const error: unknown = await create(options).catch((error: unknown) => error)
    if (!(error instanceof UsageError)) throw error
    t.equal(error.code, 'ERR_AZRUN_USAGE')
    t.strictSame(error.problems, [
      "option 'clock' must be a clock's name or an object with a method 'now'",
      "option 'prot' is not a known property; did you mean 'port'?",
      "option 'delay' must be a whole number from 0 to 2147483647, not \"x\""
    ])
  }
})

t.test('accepts a clock by name, as an object, or from a file', async t => {
  const config = join(t.testdir({ 'azrun.json': '{ "clock": "virtual", "seed": 7 }' }), 'azrun.json')
  const own = new VirtualClock(new Date('2030-01-01T00:00:00Z'))
  t.ok((await build(t, { config })).clock instanceof VirtualClock)
  t.equal((await build(t, { config, clock: 'system' })).clock, systemClock)
  t.equal((await build(t, { config, clock: own })).clock, own)
  t.equal((await build(t, { config, clock: systemClock })).clock, systemClock)
  const emulator = await build(t, { clock: own })
  const page = await emulator.app.inject('/_emulator/')
  t.match(page.body, '<dt>--clock</dt><dd><code>virtual</code></dd>')
})

t.test('refuses an unknown clock, and a seed that is not a whole number', async t => {
  await t.rejects(createEmulator({ clock: 'wall', seed: 0.5 } as object), new UsageError([
    "option 'clock' must be one of system, virtual, not \"wall\"",
    "option 'seed' must be a whole number from 0 to 9007199254740991, not 0.5"
  ]))
})

t.test('shows a wrong value that JSON does not have', async t => {
  const circular: object[] = []
  circular.push(circular)
  for (const [delay, shown] of [
    [Infinity, 'Infinity'], [NaN, 'NaN'], [5n, 'a bigint'], [() => {}, 'a function'], [circular, 'an object']
  ] as const) {
    await t.rejects(createEmulator({ delay } as object),
      new UsageError(`option 'delay' must be a whole number from 0 to 2147483647, not ${shown}`))
  }
})

t.test('does not show a wrong value that is a secret', async t => {
  const secret = 'a wrong token'
  const options = {
    adminToken: secret,
    servicePrincipals: [{ clientId: SUBSCRIPTION, clientSecret: [secret] }],
    users: [{ name: 'ann@contoso.com', password: [secret] }]
  }
  const error: unknown = await createEmulator(options as object).catch((error: unknown) => error)
  if (!(error instanceof UsageError)) throw error
  matchList(t, error.problems.toSorted(), [
    /^option 'adminToken' must be at least 16 letters/,
    "option 'servicePrincipals[0].clientSecret' must be text",
    "option 'users[0].password' must be text"
  ])
  t.notMatch(error.message, secret)
})

t.test('trusts two keys whose ids differ only in case', async t => {
  const keyWith = (kid: string) => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    return { ...publicKey.export({ format: 'jwk' }), kid }
  }
  const trustedKeys = (...kids: string[]) => ({ auth: 'strict', trustedKeys: kids.map(keyWith) }) as EmulatorOptions
  await t.resolves(build(t, trustedKeys('key', 'Key')))
  await t.rejects(createEmulator(trustedKeys('key', 'key')), { message: /has the same kid as 'trustedKeys\[0\]'/ })
})

t.test('names the option of an unusable directory', async t => {
  const dataDir = join(t.testdir({ file: '' }), 'file')
  await t.rejects(startEmulator({ dataDir }), { name: 'UsageError', message: /^option 'dataDir' .* cannot hold azrun's / })
})

for (const options of [null, [], 10900, 'azrun.json']) {
  t.test(`refuses ${JSON.stringify(options)} as options`, async t => {
    for (const create of [createEmulator, startEmulator]) {
      await t.rejects(create(options as never), new UsageError('the options must be an object such as { port: 10900 }, ' +
        `not ${JSON.stringify(options)}: give one, or none at all`))
    }
  })
}

t.test('treats an undefined option as unset', async t => {
  const names = ['host', 'port', 'executor', 'fixtures', 'respond', 'delay', 'virtualMachines', 'config', 'logLevel', 'clock', 'cert']
  const dataDir = t.testdir()
  const emulator = await startEmulator({ ...Object.fromEntries(names.map(name => [name, undefined])), dataDir })
  t.teardown(() => emulator.close())
  t.match(emulator.url, /^https:\/\/127\.0\.0\.1:/)
  t.not(emulator.port, 10900)
})

t.test('reads options from a file; options of the program override them', async t => {
  const dir = t.testdir({
    'azrun.json': JSON.stringify({ dataDir: 'data', host: '127.0.0.2', respond: 'immediate', virtualMachines: [machine] })
  })
  const config = join(dir, 'azrun.json')
  const { url, caFile } = await startedWith(t, { config })
  t.match(url, /^https:\/\/127\.0\.0\.2:\d+$/)
  t.equal(dirname(caFile), join(dir, 'data'))
  t.match((await startedWith(t, { config, host: '127.0.0.1' })).url, /^https:\/\/127\.0\.0\.1:\d+$/)
})

t.test('listens on the port that a config file sets', async t => {
  const { port, close } = await taken()
  await close()
  const dir = t.testdir({ 'azrun.json': JSON.stringify({ dataDir: 'data', port }) })
  const emulator = await startedWith(t, { config: join(dir, 'azrun.json') })
  t.equal(emulator.port, port)
})

t.test('uses the virtual machines of the program if it gives any, otherwise those of the file', async t => {
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

t.test('logs to the given logger', async t => {
  const lines: string[] = []
  const sink = new Writable({ write: (chunk, _encoding, done) => { lines.push(`${chunk}`); done() } })
  const emulator = await build(t, { logger: pino({ level: 'debug' }, sink) })
  await emulator.app.inject('/_emulator/health')
  await emulator.app.inject({ url: '/subscriptions?api-version=2022-12-01', headers: AUTHORIZATION })
  const { payload } = await emulator.app.inject('/common/discovery/keys')
  matchList(t, lines.map(line => JSON.parse(line)), [
    { msg: 'request', method: 'GET', url: '/_emulator/health', status: 200, ms: Number },
    { msg: 'request', operation: 'Subscriptions_List', status: 200, bytes: Number },
    { msg: 'request', operation: 'Keys_ListV1', status: 200, bytes: Buffer.byteLength(payload) }
  ])
})

t.test('closes its executor and rejects with the reason if it cannot listen', async t => {
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

t.test('creates no CA if it cannot listen, since a client would have to trust that in vain', async t => {
  const { port, close } = await taken()
  t.teardown(close)
  const dataDir = t.testdir()
  await t.rejects(startEmulator({ port, dataDir }), { code: 'EADDRINUSE' })
  t.same(readdirSync(dataDir).filter(name => name.startsWith('ca')), [])
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
