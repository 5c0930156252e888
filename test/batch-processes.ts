/** Like batch.ts, for the tests that start processes, and those that wait for sockets and files. */
import t from 'tap'
import { loadBatch } from './harness/batch.js'

loadBatch(t, 'batch-processes.ts')
