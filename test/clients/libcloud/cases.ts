import type { Test } from 'tap'
import { SUBSCRIPTION } from '../../harness/emulator.js'
import { matchList } from '../../harness/match-list.js'
import { commandOf, run, type Client } from '../client.js'
import { powerOf, startForClient } from '../own-azrun.js'

const resource = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg' }

/** Runs a program that uses no SDK of Azure's, but old api-versions, and does not wait for operations. */
export async function cases (t: Test, client: Client): Promise<void> {
  const { emulator, env } = await startForClient(t, {
    virtualMachines: [
      { ...resource, name: 'web', location: 'westeurope', tags: { team: 'blue' } },
      { ...resource, name: 'db', location: 'westeurope' },
      { ...resource, name: 'old', location: 'westeurope', powerState: 'deallocated' }
    ],
    strict: true
  })
  const { code, stdout, stderr } = await run(commandOf(client, []), env)
  t.equal(code, 0, stderr)
  const seen = JSON.parse(stdout)

  t.test('finds machines with their addresses, states and tags', async t => {
    t.strictSame(seen.groups, ['rg'])
    t.ok(seen.locations.includes('westeurope'))
    const addresses = { private: [/^10\./], public: [/^\d+(?:\.\d+){3}$/] }
    matchList(t, seen.nodes, [
      { name: 'web', state: 'running', ...addresses, tags: { team: 'blue' } },
      { name: 'db', state: 'running', ...addresses },
      { name: 'old', state: 'stopped', ...addresses }
    ])
    t.strictSame(seen.node, seen.nodes[0])
  })

  t.test('stops, starts and restarts machines', async t => {
    // Libcloud calls a deallocated machine stopped, and a stopped one paused.
    t.strictSame(seen.deallocated, { web: 'stopped', db: 'running', old: 'stopped' })
    t.strictSame(seen.stopped, { web: 'stopped', db: 'paused', old: 'stopped' })
    t.strictSame(seen.started, { web: 'running', db: 'paused', old: 'stopped' })
    t.equal(seen.restarted, true)
    t.equal(await powerOf(emulator, 'web'), 'running')
    t.equal(await powerOf(emulator, 'db'), 'stopped')
  })

  t.test("reports Azure's errors, and what azrun does not serve", async t => {
    t.match(seen['missing'], { status: 404, message: /ResourceNotFound/ })
    t.equal(seen['restart of a stopped machine'], false)
    t.match(seen['disks'], { message: /azrun does not serve .*disks/ })
  })
}
