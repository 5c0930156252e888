/**
 * The tests of most rooms in one process, because starting a process and loading azrun takes longer than most of these
 * files. `npm run test:fast` runs this file and batch-processes.ts.
 */
import t from 'tap'
import { loadBatch } from './harness/batch.js'

loadBatch(t, 'batch.ts')
