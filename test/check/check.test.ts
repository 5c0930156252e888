import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Effect, Scenario } from '../../src/scenarios/scenario.js'
import { CLI } from '../harness/azrun.js'
import { startProgram } from '../harness/program.js'
import { checkClient, checkCommand } from './azrun-check.js'

const LIST = '/subscriptions/24fb23e3-6ba3-41f0-9b6e-e41131d5d61e/providers/Microsoft.Compute/virtualMachines' +
  '?api-version=2024-03-01'

const scenario = (name: string, effect: Effect, calls = '1-', operation = 'VirtualMachines_RunCommand'): Scenario =>
  ({ name, match: { operation }, calls, do: [effect] })

/** All tests share it, so the CA is created only once. */
const dataDir = t.testdir()

t.test('without --scenario, check runs the scenarios that match an operation that the command calls', async t => {
  const scenarios = t.testdir(Object.fromEntries([
    scenario('matching', { delay: { ms: 1 } }, '1-', 'VirtualMachines_ListAll'),
    scenario('another-call', { guest: { stdout: 'hi' } }),
    { ...scenario('another-machine', { delay: { ms: 1 } }), match: { vmName: 'db-*' } },
    scenario('another-effect', { login: 'identityNotReady' }, '1-', '*')
  ].map(each => [`${each.name}.json`, JSON.stringify({ scenario: each })])))
  const command = `fetch(process.env.AZRUN_URL + '${LIST}', { headers: { authorization: 'Bearer any' } })`
  const { stdout } = await checkCommand(t, dataDir, ['--scenarios', scenarios, '--', process.execPath, '-e', command])
  t.strictSame(stdout.trim().split('\n').map(line => line.split(' ')[0]!), ['scenario', 'plain', 'matching', 'list-lags'])
})

t.test('check says if a scenario applied to no call', async t => {
  const file = join(t.testdir({ 'late.json': JSON.stringify({ scenario: scenario('late', { delay: { ms: 1 } }, '9') }) }), 'late.json')
  const { stdout } = await checkClient(t, dataDir, ['--scenario', file])
  t.match(stdout, /^late .* ok, but the scenario applied to no call$/m)
})

t.test('a run that exceeds --timeout is killed with its child processes', async t => {
  const { port, connected } = await listening(t)
  const grandchild = `require('net').connect(${port}, '127.0.0.1'); setInterval(() => {}, 1000)`
  const command = 'fetch(process.env.AZRUN_URL + "/subscriptions?api-version=2022-09-01").then(() => ' +
    `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}], { stdio: 'inherit' }))`
  const [{ code, stdout, stderr }, socket] = await Promise.all([
    checkCommand(t, dataDir, ['--timeout', '5', '--', process.execPath, '-e', command]), connected
  ])
  t.equal(code, 1)
  t.match(stdout, /^plain +- +1 {2}R3 violated: the command was still running after 5 s, /m)
  t.match(stderr, /azrun: the plain run did not end within 5 s, so no .+ --timeout/)
  if (!socket.closed) await once(socket, 'close')
})

t.test('check refuses mistakes in one line with exit code 2, and prints nothing else', async t => {
  const cases: ReadonlyArray<readonly [readonly string[], RegExp]> = [
    [['--scenario', 'throttled-second', '--', 'true'], /^azrun: --scenario throttled-second is not the name of a scenario; did you mean 'throttled-seconds'/],
    [['--scenario', 'qqqq', '--', 'true'], /^azrun: --scenario qqqq is not the name of a scenario: give one of docs\/scenarios-named\.md, or the path of a file\n$/],
    [['--scenario', './none.json', '--', 'true'], /^azrun: --scenario .*none\.json does not exist/],
    [['--timeout', '0', '--', 'true'], /^azrun: --timeout must be .* not 0\n$/],
    [['--clock', 'virtual', '--', 'true'], /^azrun: check does not use --clock: remove it; /],
    [['--report', '/nowhere/report.xml', '--', 'true'], /^azrun: --report \/nowhere\/report\.xml cannot be written, since its directory /],
    [['--', 'no-such-command'], /^azrun: command 'no-such-command' is not on PATH: /],
    [['--', 'echo', 'hello'], /^azrun: the command sent azrun no request, .*; its last line is: hello\n$/],
    [['--timeout', '1', '--', 'sleep', '60'], /^azrun: the command sent azrun no request within 1 s, so there is nothing to judge: give it more time with --timeout SECONDS, or check whether .*; it wrote nothing\n$/],
    [[], /^azrun: check needs a command after --: azrun check \[options\] -- COMMAND ARGS\.\.\.\n$/]
  ]
  for (const [words, message] of cases) {
    const { code, stdout, stderr } = await checkCommand(t, dataDir, words)
    t.strictSame([code, stdout], [2, ''], words.join(' '))
    t.match(stderr, message)
  }
})

t.test('a signal ends the command and azrun, which exits with the code of the signal', async t => {
  const { port, connected } = await listening(t)
  const command = `require('net').connect(${port}, '127.0.0.1'); setInterval(() => {}, 1000)`
  const child = startProgram([process.execPath, CLI, 'check', '--', process.execPath, '-e', command],
    { PATH: process.env['PATH'], AZRUN_DATA_DIR: dataDir }, { stdio: 'ignore' })
  t.teardown(() => { child.kill('SIGKILL') })
  const closed = once(child, 'close')
  const socket = await connected
  const disconnected = once(socket, 'close')
  child.kill('SIGINT')
  t.strictSame(await closed, [130, null])
  await disconnected
})

/** A port that a command connects to while it runs. Its connection closes when the command ends. */
async function listening (t: Test): Promise<{ readonly port: number, readonly connected: Promise<Socket> }> {
  const server = createServer().listen(0, '127.0.0.1')
  t.teardown(() => server.close())
  await once(server, 'listening')
  const connected = once(server, 'connection').then(([socket]) =>
    (socket as Socket).on('error', () => {}).resume())
  return { port: (server.address() as AddressInfo).port, connected }
}
