import { startEmulator } from 'azrun'
import { afterAll, beforeAll, expect, test } from 'vitest'

let azrun
beforeAll(async () => { azrun = await startEmulator({ dataDir: 'data' }) })
afterAll(() => azrun.close())

test('azrun is ready', async () => {
  const response = await fetch(`${azrun.httpUrl}/_emulator/health`)
  expect((await response.json()).status).toBe('ready')
})
