import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { SUBSCRIPTION } from '../../harness/emulator.js'
import { matchList } from '../../harness/match-list.js'
import { commandOf, run, type Client } from '../client.js'
import { powerOf, startForClient } from '../own-azrun.js'

const EXPERIMENT = fileURLToPath(new URL('experiment.json', import.meta.url))

const resource = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', location: 'westeurope' }

/** An activity in the journal of an experiment. */
interface Activity {
  readonly activity: { readonly name: string }
  readonly status: string
  readonly output: any
  readonly exception?: readonly string[]
}

/** Runs an experiment on machines and on a scale set. */
export async function cases (t: Test, client: Client): Promise<void> {
  const { emulator, home, env } = await startForClient(t, {
    virtualMachines: [{ ...resource, name: 'vm' }, { ...resource, name: 'other' }],
    virtualMachineScaleSets: [{ ...resource, name: 'ss', instances: ['0', '3'] }],
    strict: true
  })
  const journal = join(home, 'journal.json')
  const words = ['--no-log-file', 'run', '--journal-path', journal, EXPERIMENT]
  const { stdout, stderr } = await run(commandOf(client, words), env)
  const result = JSON.parse(readFileSync(journal, 'utf8'))
  const activities: Activity[] = result.run
  const activityOf = (name: string) => activities.find(({ activity }) => activity.name === name)!

  const succeeded = { status: 'completed', deviated: false, steady_states: { after: { steady_state_met: true } } }
  t.match(result, succeeded, 'the experiment completes', { stdout, stderr })

  t.test('stresses, restarts and stops the machines that a query of Resource Graph finds', async t => {
    for (const name of ['stress-cpu', 'restart', 'stop']) t.equal(activityOf(name).status, 'succeeded', name)
    t.strictSame(activityOf('stop').output.resources.map(({ name }: { name: string }) => name).sort(), ['other', 'vm'])
    matchList(t, emulator.journal.list({ operation: 'VirtualMachines_RunCommand' }).value, [{ command: { exitCode: 0 } }])
    t.equal(await powerOf(emulator, 'other'), 'stopped')
  })

  t.test('starts a machine again in the rollback', async t => {
    matchList(t, result.rollbacks, [{ status: 'succeeded', output: { resources: [{ name: 'vm' }] } }])
    t.equal(await powerOf(emulator, 'vm'), 'running')
  })

  t.test('stops and deallocates instances of a scale set', async t => {
    t.equal(await powerOf(emulator, 'ss/3'), 'stopped')
    t.equal(await powerOf(emulator, 'ss/0'), 'deallocated')
  })

  t.test('selects columns, and reports missing machines and unsupported operators', async t => {
    t.strictSame(activityOf('describe-machines').output, [{ name: 'vm', location: 'westeurope' }])
    t.match(activityOf('stop-none').exception?.join(''), /No virtual machines found/)
    t.match(activityOf('unknown-operator').exception?.join(''), /summarize/)
  })
}
