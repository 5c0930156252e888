/**
 * The tests of most rooms in one process: to start a process and load azrun takes longer than most of these files run.
 * `npm run test:fast` is this file alone, for the inner loop; `npm test` gives each other file a process of its own.
 */
import t from 'tap'
import { filesOfBatch } from './harness/batch.js'

// In a test of its own, so that the tests of the first file do not run while others load.
t.test('every file loads', async () => {
  for (const file of filesOfBatch()) await import(new URL(file, import.meta.url).href)
})
