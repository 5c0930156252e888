import { startEmulator } from '../dist/index.js'
import { valueRow } from './report.js'

/** An emulator on a port, started and stopped in a process that has done so before: what each test of a suite pays. */
export async function measureStartStop ({ restarts, dataDir }) {
  const times = []
  for (let round = 0; round < restarts + 3; round++) {
    const started = performance.now()
    const emulator = await startEmulator({ dataDir })
    await emulator.close()
    if (round >= 3) times.push(performance.now() - started)
  }
  return [valueRow('start and stop in process', times, 'ms', 'aim 10', 1)]
}
