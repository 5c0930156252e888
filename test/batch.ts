/**
 * The tests of most rooms in one process: to start a process and load azrun takes longer than most of these files run.
 * `npm run test:fast` is this file and batch-processes.ts, for the inner loop.
 */
import t from 'tap'
import { loadBatch } from './harness/batch.js'

loadBatch(t, 'batch.ts')
