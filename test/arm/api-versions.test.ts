import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { PUBLISHED, skipPublished } from '../harness/azure-data.js'
import { build } from '../harness/emulator.js'
import { managed } from '../harness/managed.js'
import { ofCompute, send } from '../harness/starting.js'

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
