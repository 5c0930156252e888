import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { ExecutionError, MemoryStore, startEmulator, systemClock, UsageError, VirtualClock, virtualMachineId } from 'azrun'

assert.ok(ExecutionError && MemoryStore && VirtualClock && systemClock && virtualMachineId)

const required = createRequire(import.meta.url)('azrun')
assert.equal(required.startEmulator, startEmulator, 'import and require() load the same module')
await assert.rejects(required.startEmulator({ port: -1 }), UsageError)

const emulator = await startEmulator({ dataDir: 'data' })
const { status } = await (await fetch(`${emulator.httpUrl}/_emulator/health`)).json()
await emulator.close()
console.log(status)
