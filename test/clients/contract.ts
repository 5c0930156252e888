import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { SUBSCRIPTION } from '../harness/emulator.js'
import { matchList } from '../harness/match-list.js'
import { commandOf, exec, extraEnvironment, outcomeOf, type Client, type Outcome } from './client.js'

export const TARGET = ['--group', 'rg', '--vm', 'vm']

const machine = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', location: 'westeurope', osType: 'Linux' }
const CONFIG = {
  subscriptions: [{ subscriptionId: SUBSCRIPTION }],
  virtualMachines: [
    { ...machine, name: 'vm', powerState: 'running' },
    { ...machine, name: 'asleep', powerState: 'deallocated' }
  ]
}

const FIXTURES = {
  fixtures: [{ name: 'none', error: { code: 'VMAgentStatusCommunicationError', message: 'No heartbeat.' } }]
}

/** Starts a second run while the first one waits at a pipe. Opening a pipe for reading and writing never blocks. */
const WHILE_BUSY = `
  mkfifo "$PIPES/started" "$PIPES/release"
  exec 3<>"$PIPES/started" 4<>"$PIPES/release"
  { "$@" --script "echo > $PIPES/started" --script "read _ < $PIPES/release" >"$PIPES/first"; echo >&3; } &
  read _ <&3
  "$@" --script true
  echo >&4
  wait`

/** What every client must see if it uses azrun as the public cloud. */
export async function contract (t: Test, client: Client): Promise<void> {
  const dir = t.testdir({ 'config.json': JSON.stringify(CONFIG), fixtures: { 'error.json': JSON.stringify(FIXTURES) } })
  const options = ['--data-dir', join(dir, 'data'), '--config', join(dir, 'config.json')]
  const env = extraEnvironment(client, dir)
  const call = async (flags: readonly string[], args: readonly string[]): Promise<Outcome> =>
    outcomeOf(await exec(dir, [...options, ...flags], commandOf(client, args), env))

  for (const credential of client.credentials) {
    t.test(`logs in with ${credential}, gets a token that --auth strict accepts, and runs a script`, async t => {
      const args = ['--credential', credential, ...TARGET, ...SCRIPT]
      sawOutput(t, await call(['--executor', 'shell', '--auth', 'strict'], args))
    })
  }

  t.test('gets 404 ResourceNotFound for an unknown machine under --strict', async t => {
    const { error } = await call(['--strict'], ['--group', 'rg', '--vm', 'unknown'])
    t.match(error, { code: 'ResourceNotFound', status: 404, message: /Microsoft\.Compute\/virtualMachines\/unknown/ })
  })

  t.test('gets 409 OperationNotAllowed for a deallocated machine', async t => {
    const { error } = await call([], ['--group', 'rg', '--vm', 'asleep'])
    t.match(error, { code: 'OperationNotAllowed', status: 409, message: /requires the VM to be running/ })
  })

  t.test('gets 409 Conflict while the machine is busy', async t => {
    const pipes = join(dir, 'pipes')
    mkdirSync(pipes)
    const command = ['sh', '-c', WHILE_BUSY, 'sh', ...commandOf(client, TARGET)]
    const second = outcomeOf(await exec(dir, [...options, '--executor', 'shell'], command, { ...env, PIPES: pipes }))
    t.match(second.error, { code: 'Conflict', status: 409, message: /execution is in progress/ })
    const first = JSON.parse(readFileSync(join(pipes, 'first'), 'utf8'))
    matchList(t, first.statuses, [{ code: 'ProvisioningState/succeeded' }])
  })

  t.test('gets the error of an operation that fails', async t => {
    const { error } = await call(['--fixtures', join(dir, 'fixtures')], TARGET)
    t.match(`${error?.code} ${error?.message}`, /VMAgentStatusCommunicationError/)
    t.match(error?.message, /No heartbeat\./)
  })

  t.test('exits with 2 on a usage error, and so does azrun exec', async t => {
    const { code, stdout, stderr } = await exec(dir, options, commandOf(client, ['--group', 'rg']), env)
    t.equal(code, 2)
    t.equal(stdout, '')
    t.match(stderr, /vm/)
  })
}

/** A script that prints its lines and parameters, with characters that a client must quote. */
export const SCRIPT = [
  '--script', 'printf "%s|" "$who" "$1" "$2"', '--script', 'echo "to stderr" >&2',
  '--parameter', "who=Ada O'Hara", '--parameter', 'what=$HOME "x"'
]

/** Recorded: java_canRunScriptOnVM. */
export function sawOutput (t: Test, { statuses, error }: Outcome): void {
  t.equal(error, undefined)
  t.strictSame(statuses, [{
    code: 'ProvisioningState/succeeded',
    level: 'Info',
    displayStatus: 'Provisioning succeeded',
    message: 'Enable succeeded: \n[stdout]\nAda O\'Hara|Ada O\'Hara|$HOME "x"|\n[stderr]\nto stderr\n'
  }])
}
