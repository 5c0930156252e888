import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { VirtualClock } from '../../src/index.js'
import { start, SUBSCRIPTION } from '../harness/emulator.js'
import { matchList } from '../harness/match-list.js'
import { CLIENTS, connect, conversation, runShellScript } from './connect.js'

/** The order in which these clients poll, observed with a simple server. */
const ASYNC = ['POST runCommand 202', 'GET Azure-AsyncOperation 200 Succeeded', 'GET Location 200']

/** The shorter of the two clients' default polling intervals, in milliseconds. */
const DEFAULT_WAIT = 2_000

/** The longest time that azrun holds a poll, in milliseconds. */
const LONGEST_HOLD = 10_000

/** Advances whenever azrun holds a poll, by the longest hold. */
class HoldingClock extends VirtualClock {
  override sleep (ms: number, signal?: AbortSignal): Promise<void> {
    if (ms === LONGEST_HOLD) setImmediate().then(() => this.advance(ms), () => {})
    return super.sleep(ms, signal)
  }
}

/** Recorded: java_canRunScriptOnVM. */
function succeeded (stdout: string, stderr = '') {
  return {
    value: [{
      code: 'ProvisioningState/succeeded',
      level: 'Info',
      displayStatus: 'Provisioning succeeded',
      message: `Enable succeeded: \n[stdout]\n${stdout}\n[stderr]\n${stderr}`
    }]
  }
}

for (const client of CLIENTS) {
  t.test(`${client} over TLS`, async t => {
    const dataDir = t.testdir()
    const shell = await start(t, { dataDir, executor: 'shell' })
    const call = connect(t, client, shell.caFile)

    t.test('uses the api-version that it was made for', async t => {
      const { exchanges } = await call(shell, { method: 'runCommand', args: ['rg', 'vm', runShellScript('echo hi')] })
      const versions = new Set(exchanges.map(({ url }) => new URL(url).searchParams.get('api-version')))
      t.equal(versions.size, 1)
      const [version] = versions
      if (client === '@azure/arm-compute') t.equal(version, '2024-03-01')
      else t.ok(version! > '2024-03-01', `${version} is later`)
    })

    t.test('gets the result after a 202, from the operation and its Location', async t => {
      const outcome = await call(shell, { method: 'runCommand', args: ['rg', 'vm', runShellScript('echo hi')] })
      t.strictSame(outcome.result, succeeded('hi\n'))
      t.strictSame(conversation(outcome), ASYNC)
      t.equal(outcome.exchanges[0]!.body, '{"commandId":"RunShellScript","script":["echo hi"]}')
    })

    t.test('gets the result in a 200 if azrun responds immediately', async t => {
      const emulator = await start(t, { dataDir, executor: 'shell', respond: 'immediate' })
      const outcome = await call(emulator, { method: 'runCommand', args: ['rg', 'vm', runShellScript('echo hi')] })
      t.strictSame(outcome.result, succeeded('hi\n'))
      t.strictSame(conversation(outcome), ['POST runCommand 200'])
    })

    t.test('passes parameters to the script', async t => {
      const parameters = [{ name: 'who', value: "Ada O'Hara" }, { name: 'what', value: '$HOME "x"\n-n' }]
      const script = runShellScript('printf "%s|" "$who" "$1" "$2"')
      const outcome = await call(shell, { method: 'runCommand', args: ['rg', 'vm', { ...script, parameters }] })
      t.strictSame(outcome.result, succeeded('Ada O\'Hara|Ada O\'Hara|$HOME "x"\n-n|'))
    })

    // Recorded: azure-cli #14425, where a script that ends with `exit 123` succeeds.
    t.test('gets a result from a script that fails', async t => {
      const script = runShellScript('echo so far', 'echo no space left >&2', 'exit 3')
      const outcome = await call(shell, { method: 'runCommand', args: ['rg', 'vm', script] })
      t.strictSame(outcome.result, succeeded('so far\n', 'no space left\n'))
      t.strictSame(conversation(outcome), ASYNC)
    })

    // Recorded: azcli_sqlvm shows the pair of statuses.
    t.test('gets a status for each stream from Windows', async t => {
      const emulator = await start(t, { dataDir, fixtures: [{ name: 'both', result: { stdout: 'out\r\n', stderr: 'err' } }] })
      const { result } = await call(emulator, { method: 'runCommand', args: ['rg', 'vm', { commandId: 'RunPowerShellScript' }] })
      const common = { level: 'Info', displayStatus: 'Provisioning succeeded' }
      t.strictSame(result, {
        value: [
          { ...common, code: 'ComponentStatus/StdOut/succeeded', message: 'out' },
          { ...common, code: 'ComponentStatus/StdErr/succeeded', message: 'err' }
        ]
      })
    })

    t.test('gets the result of a long command as soon as it ends', async t => {
      const emulator = await start(t, { dataDir, delay: 400 })
      const outcome = await call(emulator, { method: 'runCommand', args: ['rg', 'vm', runShellScript('echo hi')] })
      t.strictSame(conversation(outcome), ASYNC)
      t.ok(outcome.ms >= 400 && outcome.ms < 400 + DEFAULT_WAIT, `it took ${outcome.ms} ms`)
    })

    t.test('polls again after a second if the command outlasts the longest hold', async t => {
      const clock = new HoldingClock()
      const emulator = await start(t, { dataDir, clock, delay: 25_000 })
      const outcome = await call(emulator, { method: 'runCommand', args: ['rg', 'vm', runShellScript('echo hi')] })
      t.strictSame(conversation(outcome), [
        'POST runCommand 202',
        'GET Azure-AsyncOperation 200 InProgress',
        'GET Azure-AsyncOperation 200 InProgress',
        'GET Azure-AsyncOperation 200 Succeeded',
        'GET Location 200'
      ])
      const [, , second, third] = outcome.exchanges
      const wait = third!.sentAt - second!.sentAt
      t.ok(wait > 900 && wait < DEFAULT_WAIT, `it polled again after ${wait} ms`)
    })

    t.test('polls at its own pace if azrun has Azure\'s pace', async t => {
      let end = () => {}
      const polledTwice = new Promise<void>(resolve => { end = resolve })
      const executor = {
        async execute () {
          await polledTwice
          return { exitCode: 0, stdout: 'hi\n', stderr: '' }
        }
      }
      const emulator = await start(t, { dataDir, executor, pace: 'azure' })
      let polls = 0
      emulator.app.server.on('request', ({ method }) => { if (method === 'GET' && ++polls === 2) end() })
      const args = ['rg', 'vm', runShellScript('echo hi'), { updateIntervalInMs: 20 }]
      const outcome = await call(emulator, { method: 'runCommand', args })
      t.strictSame(outcome.result, succeeded('hi\n'))
      const [posted, first, ...rest] = conversation(outcome)
      t.strictSame([posted, first], ['POST runCommand 202', 'GET Azure-AsyncOperation 200 InProgress'])
      t.strictSame(rest.slice(-2), ASYNC.slice(1))
      t.ok(outcome.exchanges.every(({ headers }) => headers['retry-after'] === undefined), 'no Retry-After, as recorded')
    })

    // The documents are recorded: azcli_vm__latest__test_vm_run_command_e2e.
    t.test('lists and gets the built-in commands', async t => {
      const { result: list } = await call(shell, { method: 'listRunCommands', args: ['westus'] })
      const commands = list as { id: string }[]
      t.equal(commands.length, 15)
      const { result } = await call(shell, { method: 'getRunCommand', args: ['westus', 'RunShellScript'] })
      const { script, parameters, ...base } = result as { script: string[], parameters: object[] }
      t.strictSame(commands.find(({ id }) => id === 'RunShellScript'), base)
      t.strictSame(base, {
        schema: 'http://schema.management.azure.com/schemas/2016-11-17/runcommands.json',
        id: 'RunShellScript',
        osType: 'Linux',
        label: 'Executes a Linux shell script',
        description: 'Custom multiline shell script should be defined in script property. Optional parameters can be set in parameters property.'
      })
      t.strictSame(script, ['echo This is a sample script', 'echo Optional parameters: $0 $1'])
      t.strictSame(parameters, ['arg1', 'arg2'].map(name => ({ name, type: 'string', required: false })))
    })

    t.test('reads declared virtual machines', async t => {
      const vm = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'off', powerState: 'deallocated' } as const
      const emulator = await start(t, { dataDir, virtualMachines: [vm] })
      const { result: list } = await call(emulator, { method: 'listVirtualMachines', args: ['rg'] })
      matchList(t, list, [{ name: 'off', location: 'westus', storageProfile: { osDisk: { osType: 'Linux' } } }])
      const { result } = await call(emulator, { method: 'getVirtualMachine', args: ['rg', 'off', { expand: 'instanceView' }] })
      t.match(result, { name: 'off', instanceView: { statuses: [{}, { code: 'PowerState/deallocated' }] } })
    })
  })
}
