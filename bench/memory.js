import { valueRow } from './report.js'
import { Server } from './server.js'

/** What is done once, such as compiling, is done before the heap is looked at. */
const WARM_UP = 3_000
const ROUNDS = 3

/** What the heap grows by for an operation that is kept, its request long over. */
export async function measureMemory ({ kept, dataDir, load }) {
  const sizes = []
  for (let round = 0; round < ROUNDS; round++) sizes.push(await measureGrowth(kept, dataDir, load))
  return [valueRow(`heap by operation kept, ${kept.toLocaleString('en')} of them`, sizes, 'bytes', 'aim 650')]
}

async function measureGrowth (kept, dataDir, load) {
  const azrun = await Server.start('servers/azrun.js', { args: [dataDir], execArgv: ['--expose-gc'] })
  try {
    await load.send({ port: azrun.port, requests: WARM_UP })
    await azrun.reset()
    const before = await azrun.heap()
    await load.send({ port: azrun.port, requests: kept })
    return (await azrun.heap() - before) / kept
  } finally {
    azrun.stop()
  }
}
