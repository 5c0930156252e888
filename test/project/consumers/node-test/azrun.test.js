import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startEmulator } from 'azrun'

let azrun
before(async () => { azrun = await startEmulator({ dataDir: 'data' }) })
after(() => azrun.close())

test('azrun is ready', async () => {
  const response = await fetch(`${azrun.httpUrl}/_emulator/health`)
  assert.equal((await response.json()).status, 'ready')
})
