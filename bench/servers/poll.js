/** azrun with many finished operations. Its arguments: a data directory, their number and, optionally, --journal. */
import { MemoryStore, startEmulator } from '../../dist/index.js'
import { operationId, RESULT, SUBSCRIPTION } from '../requests.js'

const [dataDir, count, journal = '10000'] = process.argv.slice(2)
const store = new MemoryStore({ capacity: Number(count) })
const operations = store.records('endedOperations', { evictable: true })
const collectionKey = `/subscriptions/${SUBSCRIPTION}/providers/microsoft.compute/locations/westus/operations`
const now = Date.now()
for (let number = 0; number < Number(count); number++) {
  const id = operationId(number)
  operations.set({ collectionKey, nameKey: id }, {
    id,
    action: 'Microsoft.Compute/virtualMachines/runCommand/action',
    resourceId: `/subscriptions/${SUBSCRIPTION}/resourceGroups/bench/providers/Microsoft.Compute/virtualMachines/vm`,
    subscriptionId: SUBSCRIPTION,
    location: 'westus',
    startTime: now,
    status: 'Succeeded',
    endTime: now,
    output: RESULT
  })
}

const { port } = await startEmulator({ dataDir, store, journal: Number(journal) })
process.send({ port })
