import { matchers, startEmulator } from 'azrun/test'
import { afterAll, beforeAll, expect, test } from 'vitest'

expect.extend(matchers)

let azrun
beforeAll(async () => { azrun = await startEmulator({ dataDir: 'kit-data' }) })
afterAll(async () => await azrun[Symbol.asyncDispose]())

test('the matcher shows what was sent instead', async () => {
  const world = azrun.subscription()
  const url = `${azrun.httpUrl}/subscriptions/${world.id}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm`
  const { token } = await azrun.credential().getToken()
  await fetch(`${url}/runCommand?api-version=2024-03-01`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ commandId: 'RunShellScript', script: ['df -h'] })
  })
  await expect(world).toHaveReceived({ script: 'df*' }, { times: '1' })
  await expect(world).not.toHaveReceived({ script: 'rm*' })
  const failed = expect(world).toHaveReceived({ script: 'df /' })
  await expect(failed).rejects.toThrow("The nearest is #1: script: sent 'df -h', expected 'df /'.")
})
