import t from 'tap'
import { preferencesIn, preferenceText } from '../../src/http/preferences.js'

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

t.test('a preference is quoted only if necessary, and can be read again', async t => {
  t.equal(preferenceText('scenario', 'throttled-twice'), 'scenario=throttled-twice')
  for (const value of ['a b', 'a, b; c', 'say "hi"', '\\', '=', ',', 'é']) {
    t.strictSame([...preferencesIn(`${preferenceText('x', value)}; p="y, z", wait=10`)], [['x', value], ['wait', '10']])
  }
})
