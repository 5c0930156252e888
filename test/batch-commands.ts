/** Like batch.ts, for the tests of the command line, which need dist/. */
import t from 'tap'
import { loadBatch } from './harness/batch.js'

loadBatch(t, 'batch-commands.ts')
