import fs from 'node:fs'
import t, { type Test } from 'tap'
import { isRunning } from '../../src/processes/proc.js'

/** The module on a machine whose /proc has this text for each process. */
async function importWithStat (t: Test, stat: string) {
  return await t.mockImport<typeof import('../../src/processes/proc.js')>('../../src/processes/proc.js',
    { 'node:fs': { ...fs, readFileSync: () => stat } })
}

const REST = '1 20 30 0 40 4194304 1 2 3 4 5 6 7 8 20 0 1 0 5000 6 7'

t.test('reads the numbers of a process, whatever its name is', async t => {
  for (const name of ['sh', 'a b', 'a) Z 9 9 9', '(x)', 'a)\nb']) {
    const { statOf } = await importWithStat(t, `7 (${name}) S ${REST}\n`)
    t.same(statOf(7), { group: 20, session: 30, foreground: 40, startTime: 5000 }, name)
  }
})

t.test('a process that has ended does not run, even if its parent has not waited for it yet', async t => {
  for (const [state, expected] of [['S', true], ['R', true], ['Z', false], ['X', false]] as const) {
    const { isRunning } = await importWithStat(t, `7 (sh) ${state} ${REST}\n`)
    t.equal(isRunning(7, 5000), expected, state)
    t.notOk(isRunning(7, 5001), 'another process had this id then')
  }
})

t.test('without a start time, a process of another user runs, too', t => {
  for (const [code, expected] of [['EPERM', true], ['ESRCH', false]] as const) {
    t.intercept(process, 'kill', { value: () => { throw Object.assign(new Error(code), { code }) } })
    t.equal(isRunning(7, undefined), expected, code)
  }
  t.end()
})
