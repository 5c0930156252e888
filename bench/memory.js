import { valueRow } from './report.js'
import { Server } from './server.js'

/** The growth of the heap for each kept operation, long after its request. */
export async function measureMemory ({ kept, growths, growthWarmUp, dataDir, load }) {
  const sizes = []
  for (let round = 0; round < growths; round++) sizes.push(await measureGrowth({ kept, growthWarmUp, dataDir, load }))
  return [valueRow(`heap for each of ${kept.toLocaleString('en')} kept operations`, sizes, 'bytes', 'at most 650')]
}

async function measureGrowth ({ kept, growthWarmUp, dataDir, load }) {
  const azrun = await Server.start('servers/azrun.js', { args: [dataDir], execArgv: ['--expose-gc'] })
  try {
    await load.send({ port: azrun.port, requests: growthWarmUp })
    await azrun.reset()
    const before = await azrun.heap()
    await load.send({ port: azrun.port, requests: kept })
    return (await azrun.heap() - before) / kept
  } finally {
    azrun.stop()
  }
}
