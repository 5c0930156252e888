import type { Test } from 'tap'
import type { RunningEmulator } from '../../../src/index.js'
import { SUBSCRIPTION } from '../../harness/emulator.js'
import { powerOf, startForClient } from '../own-azrun.js'
import { GROUPS, MANAGED, MANAGED_ON_INSTANCE, POWER, READS, SCALE_SETS, type Step } from './machine-steps.js'
import { openSession, type Az } from './session.js'

const machine = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', location: 'westeurope' }
const virtualMachines = [
  { ...machine, name: 'vm' },
  { ...machine, name: 'windows', osType: 'Windows' as const },
  { ...machine, name: 'asleep', powerState: 'deallocated' as const }
]
const virtualMachineScaleSets = [{ ...machine, name: 'ss', instances: ['0', '3'] }]

/** What az does with machines beyond the action. */
export async function machines (t: Test): Promise<void> {
  const { emulator, env } = await startForClient(t, { virtualMachines, virtualMachineScaleSets, strict: true })
  const az = openSession(t, env)
  t.beforeEach(async () => { await emulator.reset() })

  t.test('starts, stops, restarts and deallocates a machine', async t => { await run(t, az, emulator, POWER) })
  t.test('reads machines with their addresses', async t => { await run(t, az, emulator, READS) })
  t.test('reads a scale set, runs scripts on its instances and changes their power', async t => {
    await run(t, az, emulator, SCALE_SETS)
  })
  t.test('creates, updates and deletes managed run commands', async t => { await run(t, az, emulator, MANAGED) })
  t.test('creates, updates and deletes managed run commands of an instance', async t => {
    await run(t, az, emulator, MANAGED_ON_INSTANCE)
  })
  t.test('creates and deletes resource groups', async t => { await run(t, az, emulator, GROUPS) })
}

async function run (t: Test, az: Az, emulator: RunningEmulator, steps: readonly Step[]): Promise<void> {
  for (const { line, more = [], code = 0, stdout, stderr, leaves } of steps) {
    const ended = await az(line, ...more)
    t.equal(ended.code, code, line, { stderr: ended.stderr })
    if (typeof stdout === 'string') t.equal(ended.stdout, stdout, line)
    else if (stdout !== undefined) t.match(ended.stdout, stdout, line)
    if (stderr !== undefined) t.match(ended.stderr, stderr, line)
    if (leaves !== undefined) t.equal(await powerOf(emulator, leaves[0]), leaves[1], `${line} leaves ${leaves.join(' ')}`)
  }
}
