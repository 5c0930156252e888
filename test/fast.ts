/**
 * The inner loop, `npm run test:fast`: the tests of these rooms in one process. `npm test` gives each file a process of
 * its own, which takes a second, and has the tests that start programs or look at the project as a whole.
 */
import { readdirSync } from 'node:fs'

const ROOMS = ['executors', 'core', 'stores', 'contract', 'guest', 'identity', 'options', 'http', 'arm', 'entra']

for (const room of ROOMS) {
  const folder = new URL(`${room}/`, import.meta.url)
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (file.endsWith('.test.ts') && !file.includes('node_modules')) await import(new URL(file, folder).href)
  }
}
