import t from 'tap'
import { preferencesIn } from '../../src/http/preferences.js'

const CASES: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  'scenario=busy-once': [['scenario', 'busy-once']],
  'respond-async, Scenario = busy-once ;reason=test , wait=10': [['respond-async', ''], ['scenario', 'busy-once'], ['wait', '10']],
  'scenario=first, scenario=second': [['scenario', 'first']],
  'scenario="a, b; c"; note="x, y", wait=10': [['scenario', 'a, b; c'], ['wait', '10']],
  'scenario="a \\"quoted\\" name, \\\\"': [['scenario', 'a "quoted" name, \\']],
  'scenario=""': [['scenario', '']],
  'scenario="open, wait=10': [['scenario', '"open, wait=10']],
  'scenario="': [['scenario', '"']]
}

for (const [prefer, expected] of Object.entries(CASES)) {
  t.test(`Prefer: ${prefer}`, async t => t.same([...preferencesIn(prefer)], expected))
}

t.test('several Prefer headers count as one', async t => {
  t.same([...preferencesIn(['wait=10', 'scenario=busy-once'])], [['wait', '10'], ['scenario', 'busy-once']])
})
