import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { PUBLISHED, skipPublished } from '../harness/azure-data.js'
import { build, get, runCommand, runOnInstance, SUBSCRIPTION } from '../harness/emulator.js'
import { managed } from '../harness/managed.js'
import { ofCompute, send } from '../harness/starting.js'

const MACHINE = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm`
const OF_RUN_COMMANDS = ofCompute.filter(({ operation }) => /RunCommand/.test(operation))

t.test('serves run commands in each version that has them', { skip: skipPublished }, async t => {
  const versions = new URL('versions/', PUBLISHED)
  for (const file of readdirSync(versions)) {
    const version = file.slice(0, '2024-03-01'.length)
    const published = readFileSync(new URL(file, versions), 'utf8')
    const emulator = await build(t, { apiVersions: 'published' })
    for (const each of OF_RUN_COMMANDS) {
      const { statusCode, body } = await send(emulator, { ...each, apiVersion: version })
      const isPublished = published.includes(`"${each.operation}"`)
      // The action on an instance is an exception: its type is older than it, and nobody has seen what Azure responds.
      const isServed = isPublished || each.operation === 'VirtualMachineScaleSetVMs_RunCommand'
      t.equal(statusCode === 404 && body.includes('InvalidResourceType'), !isServed, `${each.operation} in ${version}`)
    }
  }
})

t.test('names the versions of machines as recorded, which are older than run commands', async t => {
  // Recorded: azure-cli #7533 up to 2018-06-01, a test of AppDynamics' extension for Azure up to 2020-06-01.
  const emulator = await build(t)
  const { message } = (await get(emulator, `${MACHINE}?api-version=2019-01-01`)).json().error
  t.match(message, "The resource type 'virtualMachines' could not be found in the namespace 'Microsoft.Compute' for api version " +
    "'2019-01-01'. The supported api-versions are '2015-05-01-preview,2015-06-15,2016-03-30,2016-04-30-preview,2016-08-30," +
    '2017-03-30,2017-12-01,2018-04-01,2018-06-01,2018-10-01,2019-03-01,2019-07-01,2019-12-01,2020-06-01')
  for (const version of ['2015-05-01-preview', '2015-06-15', '2016-03-30', '2016-04-30-preview', '2016-08-30']) {
    t.equal((await get(emulator, `${MACHINE}?api-version=${version}`)).statusCode, 200, version)
    t.equal((await runCommand(emulator, { commandId: 'RunShellScript' }, { apiVersion: version })).statusCode, 404, version)
    t.equal((await runOnInstance(emulator, { commandId: 'RunShellScript' }, { apiVersion: version })).statusCode, 404, version)
    const documents = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Compute/locations/westus/runCommands`
    t.equal((await get(emulator, `${documents}?api-version=${version}`)).statusCode, 404, version)
  }
})

t.test('names its own versions for one that is no date, in the recorded order', async t => {
  // Recorded: azure-cli #31964.
  const emulator = await build(t)
  const { message } = (await get(emulator, `${MACHINE}?api-version=latest`)).json().error
  t.match(message, "The api-version 'latest' is invalid. The supported versions are '2025-04-01,2025-03-01,2024-10-01-preview,2024-11-01,")
})

t.test('has no managed run commands before 2020-06-01', async t => {
  // The sentence is recorded for machines: azure-cli #7533.
  const emulator = await build(t)
  for (const [target, type] of [
    [{}, 'virtualMachines/runCommands'],
    [{ vmScaleSetName: 'ss', name: 'cmd' }, 'virtualMachineScaleSets/virtualMachines/runCommands']
  ] as const) {
    const { statusCode, json } = await managed(emulator, 'GET', { ...target, apiVersion: '2019-12-01' })
    t.equal(statusCode, 404)
    const { code, message } = json().error
    t.equal(code, 'InvalidResourceType')
    t.match(message, `The resource type '${type}' could not be found in the namespace 'Microsoft.Compute' for api version ` +
      "'2019-12-01'. The supported api-versions are '2020-06-01,2020-12-01,")
  }
  t.equal((await managed(await build(t, { apiVersions: 'any' }), 'GET', { apiVersion: '2019-12-01' })).statusCode, 200)
})
