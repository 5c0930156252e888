import { readdirSync } from 'node:fs'
import t from 'tap'
import type { Match } from '../../src/matching/match.js'
import { scenarioFileMistakes } from '../../src/options/scenario-check.js'
import { concernOf } from '../../src/scenarios/concern.js'
import { NamedScenarios } from '../../src/scenarios/named.js'
import { VirtualClock } from '../../src/time/virtual-clock.js'
import { start, SUBSCRIPTION } from '../harness/emulator.js'
import { NamedClient } from './named-client.js'
import { NAMES, ROWS } from './named-rows.js'

t.test('the file of each named scenario is valid and has a description, the behaviour of a good client and a source', async t => {
  const files = new NamedScenarios().list()
  for (const file of files) {
    const { scenario: { name }, description, client, source } = file
    t.strictSame(scenarioFileMistakes(file), [], name)
    t.ok(description && client && /^https:\/\//.test(source ?? ''), name)
  }
  t.strictSame(files.map(({ scenario: { name } }) => `${name}.json`), readdirSync(new URL('../../fixtures/scenarios/', import.meta.url)).sort())
})

t.test('there is a file and a row of the table for each name', async t => {
  t.strictSame(new NamedScenarios().list().map(({ scenario: { name } }) => name).sort(), [...NAMES].sort())
  t.strictSame(Object.keys(ROWS).sort(), [...NAMES].sort())
})

t.test('a named scenario is found by its name', async t => {
  const named = new NamedScenarios()
  t.match(named.find('throttled-twice'), { calls: '1-2' })
  t.equal(named.find('nothing'), undefined)
})

t.test('a named scenario concerns the action on an instance of a scale set if it does on a machine', async t => {
  const concerns = (operation: string) => new NamedScenarios().list().map(({ scenario }) =>
    [scenario.name, concernOf(scenario, { operation, method: 'POST', path: '', headers: {} })])
  t.strictSame(concerns('VirtualMachineScaleSetVMs_RunCommand'), concerns('VirtualMachines_RunCommand'))
})

t.test('a scenario about polls concerns what starts an operation, whatever else it says of polls', async t => {
  const concern = (operation: string, match: Match = {}) =>
    concernOf({ name: 'x', match, do: [{ poll: 'noStatus' }] }, { operation, method: 'POST', path: '/x', headers: {} })
  t.equal(concern('VirtualMachines_RunCommand'), 'polls')
  t.equal(concern('VirtualMachines_RunCommand', { method: 'GET', path: '*/operations/*', header: { 'user-agent': 'az*' } }), 'polls')
  t.equal(concern('VirtualMachines_Get'), undefined, 'which has no polls')
  t.equal(concern('Operations_Get'), 'call')
})

t.test('a client that names a scenario sees', async t => {
  const clock = new VirtualClock()
  const emulator = await start(t, {
    clock,
    fixtures: [{ name: 'hi', result: { stdout: 'hi\n' } }],
    pace: 'azure',
    virtualMachines: [
      { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'vm' },
      { subscriptionId: SUBSCRIPTION, resourceGroup: 'windows', name: 'vm', osType: 'Windows' }
    ]
  })
  for (const [name, { sees, ends, act, ...habits }] of Object.entries(ROWS)) {
    t.test(name, async t => {
      const client = new NamedClient({ emulator, clock, name, habits })
      await (act === undefined ? client.run() : act(client, name))
      t.strictSame(client.seen, sees)
      if (ends !== undefined) t.match(client.last, ends)
    })
  }
})
