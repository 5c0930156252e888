/**
 * Runs the contract suite over real Azure clients.
 *
 *   npm run test:clients [-- NAME...] [-- --TAP-OPTION...]     needs dist/, which the npm script builds
 *
 * Each folder here with a client.json has one program. Each release that the file lists is a client: NAME is `python`
 * or `python/29`.
 */
import { fileURLToPath } from 'node:url'
import { runWithTools } from '../harness/outside-tools.js'

process.exitCode = await runWithTools({
  folder: fileURLToPath(new URL('.', import.meta.url)),
  manifest: 'client.json',
  suite: 'test/clients/suite.ts',
  variable: 'AZRUN_CLIENTS'
})
