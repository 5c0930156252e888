const { afterAll, beforeAll, expect, test } = require('@jest/globals')
const { startEmulator, UsageError } = require('azrun')

const TENANT = '72f988bf-86f1-41af-91ab-2d7cd011db47'
const VM = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm'

let azrun
beforeAll(async () => { azrun = await startEmulator({ dataDir: 'data', auth: 'strict', respond: 'immediate' }) })
afterAll(() => azrun.close())

test('runs a command with a token from azrun', async () => {
  const login = await fetch(`${azrun.httpUrl}/${TENANT}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: '11111111-1111-1111-1111-111111111111',
      client_secret: 'any',
      scope: 'https://management.azure.com/.default'
    })
  })
  const { access_token: token } = await login.json()
  const response = await fetch(`${azrun.httpUrl}${VM}/runCommand?api-version=2024-03-01`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ commandId: 'RunShellScript', script: ['echo hello'] })
  })
  expect(response.status).toBe(200)
  expect((await response.json()).value[0].code).toBe('ProvisioningState/succeeded')
})

test('serves the documentation of its operations', async () => {
  const response = await fetch(`${azrun.httpUrl}/_emulator/docs`)
  expect(response.status).toBe(200)
})

test('refuses an invalid option', async () => {
  await expect(startEmulator({ port: -1 })).rejects.toThrow(UsageError)
})
