/** Like batch.ts, for the tests with Azure's SDKs, which run in processes. */
import t from 'tap'
import { loadBatch } from './harness/batch.js'

loadBatch(t, 'batch-sdk.ts')
