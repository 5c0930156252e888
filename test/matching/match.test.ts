import t from 'tap'
import { compileMatch, type Call, type Match } from '../../src/matching/match.js'

const call: Call = {
  operation: 'VirtualMachines_RunCommand',
  subscriptionId: '11111111-2222-4333-8444-aaaaaaaaaaaa',
  resourceGroup: 'Group',
  vmName: 'db-1',
  commandId: 'RunShellScript',
  script: 'df -h\necho Done',
  parameters: { path: '/var', depth: '2' },
  method: 'POST',
  path: '/subscriptions/x/resourceGroups/Group',
  headers: { 'user-agent': 'azsdk-Python/1.0', accept: 'application/json' }
}

const matching: Match[] = [
  {},
  { operation: '*' },
  { operation: 'virtualmachines_runcommand' },
  { subscriptionId: '11111111-2222-4333-8444-AAAAAAAAAAAA', resourceGroup: 'GROUP', vmName: 'DB-*' },
  { commandId: 'runshellscript' },
  { script: 'df*Done' },
  { parameters: { path: '/v*' } },
  { method: 'POST', path: '/SUBSCRIPTIONS/*' },
  { header: { 'User-Agent': '*python*' } }
]

const others: Match[] = [
  { operation: 'Operations_Get' },
  { vmName: 'db' },
  { script: 'DF*' },
  { script: 'df -h' },
  { parameters: { path: '/etc' } },
  { parameters: { user: '*' } },
  { parameters: { toString: '*' } },
  { method: 'GET' },
  { header: { 'x-missing': '*' } },
  { header: { constructor: '*' } },
  { vmName: 'db-1', commandId: 'RunPowerShellScript' }
]

t.test('a call matches if every member matches as a whole, with * for any text; only scripts are case-sensitive', async t => {
  for (const match of matching) t.equal(compileMatch(match)(call), true, JSON.stringify(match))
  for (const match of others) t.equal(compileMatch(match)(call), false, JSON.stringify(match))
})
