/**
 * Checks azrun's contract with third-party tools.
 *
 *   npm run test:contract [-- NAME...] [-- --TAP-OPTION...]
 *
 * Each folder here with a tool.json is a tool.
 */
import { fileURLToPath } from 'node:url'
import { runWithTools } from '../harness/outside-tools.js'

process.exitCode = await runWithTools({
  folder: fileURLToPath(new URL('.', import.meta.url)),
  manifest: 'tool.json',
  suite: 'test/contract/tools.ts',
  variable: 'AZRUN_TOOLS'
})
