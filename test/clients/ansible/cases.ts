import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { SUBSCRIPTION } from '../../harness/emulator.js'
import { matchList } from '../../harness/match-list.js'
import { commandOf, run, type Client } from '../client.js'
import { powerOf, startForClient } from '../own-azrun.js'

const COLLECTIONS = fileURLToPath(new URL('.venv/collections', import.meta.url))

/** Runs all of playbook.yml once, because each task starts a process that takes seconds to load. */
export async function cases (t: Test, client: Client): Promise<void> {
  const machine = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', location: 'westeurope', name: 'vm' }
  const { emulator, home, env } = await startForClient(t, { virtualMachines: [machine] })
  const results = join(home, 'results.json')
  const { code, stdout, stderr } = await run(commandOf(client, ['-i', 'localhost,', '-e', `results=${results}`]), {
    ...env,
    ANSIBLE_COLLECTIONS_PATH: COLLECTIONS,
    LC_ALL: 'C.UTF-8'
  })
  t.equal(code, 0, 'the playbook succeeds', { stdout, stderr })
  const seen = JSON.parse(readFileSync(results, 'utf8'))
  const stateOf = (name: string) => [seen[name].changed, seen[name].ansible_facts.azure_vm.powerstate]

  t.test('changes the power state of a machine, and changes nothing if it has that state', async t => {
    t.strictSame(stateOf('stopped'), [true, 'stopped'])
    t.strictSame(stateOf('stopped_again'), [false, 'stopped'])
    t.strictSame(stateOf('started'), [true, 'running'])
    t.strictSame(stateOf('restarted'), [true, 'running'])
    t.strictSame(stateOf('deallocated'), [true, 'deallocated'])
    t.equal(await powerOf(emulator, 'vm'), 'deallocated')
  })

  t.test('reads a machine', async t => {
    matchList(t, seen.info.vms, [{ name: 'vm', location: 'westeurope', power_state: 'deallocated', display_status: 'VM deallocated' }])
    t.match(seen.unknown, { failed: true, msg: /ResourceNotFound/ })
  })

  t.test('runs the action with azure_rm_resource, and waits for its result', async t => {
    t.match(seen.invoked.response, { value: [{ message: 'Enable succeeded: \n[stdout]\nhello Ada\n\n[stderr]\n' }] })
  })

  t.test('creates, reads and deletes a managed run command with azure_rm_resource', async t => {
    t.match(seen.made, { changed: true, response: { name: 'made', properties: { source: { script: 'echo made' } } } })
    matchList(t, seen.shown.response, [{ name: 'made', properties: { provisioningState: 'Succeeded' } }])
    t.match(seen.deleted, { changed: true })
  })
}
