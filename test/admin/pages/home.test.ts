import { once } from 'node:events'
import t from 'tap'
import { ExecutionError, VirtualClock, type Executor } from '../../../src/index.js'
import { build, runCommand, start, SUBSCRIPTION } from '../../harness/emulator.js'
import { pageOf, rowsOf, textOf } from '../../harness/pages.js'

const IMMEDIATE = { headers: { prefer: 'wait=10' } }
const START = new Date('2026-11-28T09:08:07.006Z')

/** A number is the exit code, a word fails, and an empty script runs until it is canceled. */
const executor: Executor = {
  execute ({ script }, { signal }) {
    if (script === '') return once(signal, 'abort').then(() => { throw signal.reason })
    if (Number.isNaN(Number(script))) throw new ExecutionError('ScriptRefused', 'It is a word.')
    return { exitCode: Number(script), stdout: '', stderr: '' }
  }
}

t.test('the home page lists the last run commands with status, exit code and duration, the newest first', async t => {
  const clock = new VirtualClock(START)
  const emulator = await build(t, { executor, clock })
  const run = async (vmName: string, script: string) =>
    await runCommand(emulator, { commandId: 'RunShellScript', script: [script] }, { vmName })
  t.match(await pageOf(emulator), 'No command has run yet.')
  for (const [vmName, script] of [['a', '0'], ['b', '3'], ['c', 'word'], ['d', '']] as const) await run(vmName, script)
  await clock.advance(83_500)
  const at = '2026-11-28 09:08:07'
  t.strictSame(rowsOf(await pageOf(emulator), 'runs'), [
    [at, 'd', 'RunShellScript', 'In progress', '–', '1 min 23 s'],
    [at, 'c', 'RunShellScript word', 'Failed: ScriptRefused', '–', '0 ms'],
    [at, 'b', 'RunShellScript 3', 'Succeeded', '3', '0 ms'],
    [at, 'a', 'RunShellScript 0', 'Succeeded', '0', '0 ms']
  ])
})

t.test('the home page lists at most twenty run commands, and none after a reset', async t => {
  const emulator = await build(t)
  for (let number = 1; number <= 25; number++) {
    await runCommand(emulator, { commandId: 'RunShellScript', script: [`echo ${number}`] }, IMMEDIATE)
  }
  const commands = rowsOf(await pageOf(emulator), 'runs').map(([, , command]) => command)
  t.strictSame(commands, Array.from({ length: 20 }, (_, index) => `RunShellScript echo ${25 - index}`))
  await emulator.reset()
  t.match(await pageOf(emulator), 'No command has run yet.')
})

t.test('the home page shows the first 60 characters of the first line that is neither empty nor a shebang', async t => {
  const emulator = await build(t)
  const shown = async (...script: string[]) => {
    await runCommand(emulator, { commandId: 'RunShellScript', script }, IMMEDIATE)
    return rowsOf(await pageOf(emulator), 'runs')[0]![2]
  }
  t.equal(await shown('#!/bin/bash', '', '  make test', 'make'), 'RunShellScript make test …')
  t.equal(await shown('#!/bin/sh\nmake'), 'RunShellScript make')
  t.equal(await shown('a'.repeat(100)), `RunShellScript ${'a'.repeat(60)} …`)
  t.equal(await shown('<b>"&\''), 'RunShellScript <b>"&\'')
})

t.test('the home page lists at most fifty declared machines with their power states', async t => {
  const machine = (name: string) => ({ subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name })
  const emulator = await build(t, { virtualMachines: [machine('one'), { ...machine('two'), osType: 'Windows', location: 'eastus' }] })
  const two = emulator.virtualMachines.list()[1]!
  await emulator.machineStates.set(two, 'deallocated')
  const rows = [
    ['one', 'rg', SUBSCRIPTION, 'westus', 'Linux', 'running'],
    ['two', 'rg', SUBSCRIPTION, 'eastus', 'Windows', 'deallocated']
  ]
  t.strictSame(rowsOf(await pageOf(emulator), 'machines'), rows)
  for (let number = 3; number <= 53; number++) await emulator.virtualMachines.declare(machine(`number-${number}`))
  const markup = await pageOf(emulator)
  t.equal(rowsOf(markup, 'machines').length, 50)
  t.match(textOf(markup), 'And 3 more.')
})

t.test('the home page lists declared scale sets with their instances, and power changes in progress', async t => {
  const place = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg' }
  const emulator = await build(t, {
    clock: 'virtual',
    delay: 1000,
    virtualMachines: [{ ...place, name: 'vm' }],
    virtualMachineScaleSets: [{ ...place, name: 'ss', instances: ['0', '7'] }]
  })
  for (const path of ['virtualMachines/vm/powerOff', 'virtualMachineScaleSets/ss/virtualMachines/7/deallocate']) {
    const url = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/${path}?api-version=2024-03-01`
    await emulator.app.inject({ method: 'POST', url, headers: { authorization: 'Bearer any' } })
  }
  const markup = await pageOf(emulator)
  t.strictSame(rowsOf(markup, 'machines'), [['vm', 'rg', SUBSCRIPTION, 'westus', 'Linux', 'stopping']])
  const [[, , , , , instances] = []] = rowsOf(markup, 'scale-sets')
  t.match(instances, /^0 running\s*7 deallocating$/)
  t.notMatch(await pageOf(await build(t)), 'Scale sets')
})

t.test('the home page says which machines exist if none is declared', async t => {
  t.match(textOf(await pageOf(await build(t))), 'None is declared: every virtual machine exists, whatever its name, and runs unless it was stopped.')
  const strict = textOf(await pageOf(await build(t, { strict: true })))
  t.match(strict, 'None is declared, so with --strict none exists.')
  t.match(strict, 'No declared machine is running, so no command can run.')
})

t.test('the home page names the executor and says whether it runs scripts', async t => {
  t.match(textOf(await pageOf(await build(t))), 'It runs nothing: the executor is fixture')
  t.match(textOf(await pageOf(await build(t, { executor: 'shell' }))), 'It runs scripts on this machine')
  t.match(textOf(await pageOf(await build(t, { executor }))), 'with an executor of its own')
})

t.test('the home page shows the settings without secrets', async t => {
  const emulator = await build(t, {
    respond: 'immediate',
    delay: 7,
    allowHost: ['a.example', 'b.example'],
    strict: true,
    auth: 'strict',
    servicePrincipals: [{ clientId: SUBSCRIPTION, clientSecret: 'not-to-be-shown' }],
    users: [{ name: 'ann@contoso.com', password: 'not-to-be-shown' }]
  })
  const markup = await pageOf(emulator)
  const settings = textOf(markup.split('<h2>Settings</h2>')[1]!)
  for (const expected of ['--respond immediate', '--delay 7', '--allow-host a.example, b.example', '--strict on',
    '--allow-remote-execution off', '--executor fixture']) t.match(settings, expected)
  t.notMatch(markup, 'not-to-be-shown')
})

t.test('the curl command has a placeholder for the token if azrun checks tokens or roles', async t => {
  const assigned = { principalId: SUBSCRIPTION, actions: ['*'], scope: `/subscriptions/${SUBSCRIPTION}` }
  t.match(await pageOf(await build(t)), 'Bearer any')
  t.match(await pageOf(await build(t, { auth: 'strict' })), 'Bearer $TOKEN')
  t.match(await pageOf(await build(t, { roleAssignments: [assigned] })), 'Bearer $TOKEN')
})

t.test('the home page names the file of the CA certificate if azrun has a port', async t => {
  const { httpUrl, caFile } = await start(t)
  t.match(await (await fetch(`${httpUrl}/_emulator/`)).text(), caFile)
  t.notMatch(await pageOf(await build(t)), 'ca.pem')
})
