/** azrun with many finished operations: arguments 1 and 2 are a data directory and their number. */
import { startEmulator } from '../../dist/index.js'
import { MemoryOperationStore } from '../../dist/core/operation-store.js'
import { operationId, RESULT, SUBSCRIPTION } from '../requests.js'

const [dataDir, count] = process.argv.slice(2)
// One text for all, as where a fixture answers them.
const output = JSON.stringify(RESULT)
const store = new MemoryOperationStore(Number(count))
for (let number = 0; number < Number(count); number++) {
  await store.put({
    id: operationId(number),
    subscriptionId: SUBSCRIPTION,
    location: 'westus',
    startTime: new Date(),
    status: 'Succeeded',
    endTime: new Date(),
    output
  })
}

// An emulator has a store of its own, of 10 000: its look-ups are led to this one.
const { get } = MemoryOperationStore.prototype
MemoryOperationStore.prototype.get = id => get.call(store, id)

const { port } = await startEmulator({ dataDir })
process.send({ port })
