const assert = require('node:assert/strict')
const { startEmulator } = require('azrun')

async function main () {
  assert.equal((await import('azrun')).startEmulator, startEmulator, 'require() and import() load the same module')

  const emulator = await startEmulator({ dataDir: 'data' })
  const { status } = await (await fetch(`${emulator.httpUrl}/_emulator/health`)).json()
  await emulator.close()
  console.log(status)
}

main()
