import { startEmulator } from '../dist/index.js'
import { valueRow } from './report.js'

/** Starts and stops an emulator on a port, in a process that has done so before. Each test of a suite has this cost. */
export async function measureStartStop ({ restarts, dataDir }) {
  const times = []
  for (let round = 0; round < restarts + 3; round++) {
    const started = performance.now()
    const emulator = await startEmulator({ dataDir })
    await emulator.close()
    if (round >= 3) times.push(performance.now() - started)
  }
  return [valueRow('start and stop, in process', times, 'ms', 'at most 10', 1)]
}
