import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { assertReceived, startEmulator } from 'azrun/test'

let azrun
before(async () => { azrun = await startEmulator({ dataDir: 'kit-data' }) })
after(() => azrun.close())

test('the assertion shows what was sent instead', async () => {
  const world = azrun.subscription()
  const url = `${azrun.httpUrl}/subscriptions/${world.id}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm`
  await fetch(`${url}?api-version=2024-03-01`, { headers: { Authorization: 'Bearer any' } })
  await assertReceived(world, { vmName: 'vm' }, { times: '1' })
  const failed = assertReceived(world, { vmName: 'db' })
  await assert.rejects(failed, { code: 'ERR_ASSERTION', actual: { vmName: 'vm' }, expected: { vmName: 'db' } })
})
