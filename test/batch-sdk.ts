/** As batch.ts: the tests with Azure's SDKs, each of which is a process. */
import t from 'tap'
import { loadBatch } from './harness/batch.js'

loadBatch(t, 'batch-sdk.ts')
