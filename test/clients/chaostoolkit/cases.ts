import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { SUBSCRIPTION } from '../../harness/emulator.js'
import { commandOf, run, type Client } from '../client.js'
import { powerOf, startForClient } from '../own-azrun.js'

const EXPERIMENT = fileURLToPath(new URL('experiment.json', import.meta.url))

const resource = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', location: 'westeurope' }

/** An activity of an experiment, in the journal that the toolkit keeps. */
interface Activity {
  readonly activity: { readonly name: string }
  readonly status: string
  readonly output: any
  readonly exception?: readonly string[]
}

/** An experiment on machines and on a scale set. */
export async function cases (t: Test, client: Client): Promise<void> {
  const { emulator, home, env } = await startForClient(t, {
    virtualMachines: [{ ...resource, name: 'vm' }, { ...resource, name: 'other' }],
    virtualMachineScaleSets: [{ ...resource, name: 'ss', instances: ['0', '3'] }],
    strict: true
  })
  const journal = join(home, 'journal.json')
  const words = ['--no-log-file', 'run', '--journal-path', journal, EXPERIMENT]
  const { stdout, stderr } = await run(commandOf(client, words), env)
  const kept = JSON.parse(readFileSync(journal, 'utf8'))
  const activities: Activity[] = kept.run
  const of = (name: string) => activities.find(({ activity }) => activity.name === name)!

  const isWell = { status: 'completed', deviated: false, steady_states: { after: { steady_state_met: true } } }
  t.match(kept, isWell, 'the experiment completes', { stdout, stderr })

  t.test('machines that a query of Resource Graph finds are stressed by the action, restarted and stopped', async t => {
    for (const name of ['stress-cpu', 'restart', 'stop']) t.equal(of(name).status, 'succeeded', name)
    t.strictSame(of('stop').output.resources.map(({ name }: { name: string }) => name).sort(), ['other', 'vm'])
    t.match(emulator.journal.list({ operation: 'VirtualMachines_RunCommand' }).value, [{ command: { exitCode: 0 } }])
    t.equal(await powerOf(emulator, 'other'), 'stopped')
  })

  t.test('they are started again', async t => {
    t.match(kept.rollbacks, [{ status: 'succeeded', output: { resources: [{ name: 'vm' }] } }])
    t.equal(await powerOf(emulator, 'vm'), 'running')
  })

  t.test('instances of a scale set are stopped and deallocated', async t => {
    t.equal(await powerOf(emulator, 'ss/3'), 'stopped')
    t.equal(await powerOf(emulator, 'ss/0'), 'deallocated')
  })

  t.test('columns are chosen, and what is not found or not known is said', async t => {
    t.strictSame(of('describe-machines').output, [{ name: 'vm', location: 'westeurope' }])
    t.match(of('stop-none').exception?.join(''), /No virtual machines found/)
    t.match(of('unknown-operator').exception?.join(''), /summarize/)
  })
}
