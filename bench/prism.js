import { execFile } from 'node:child_process'
import { realpath } from 'node:fs/promises'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ENV } from './process.js'
import { missingRow, ratioRow } from './report.js'
import { measureRounds, ratios, Server } from './server.js'

/** The last version that runs on Node.js 20. */
const PACKAGE = '@stoplight/prism-cli@5.14.2'
const NAME = `immediate runCommand, compared with ${PACKAGE} mocking openapi/arm.json`
const DOCUMENT = fileURLToPath(new URL('../openapi/arm.json', import.meta.url))

/** The same request to Prism, a mock server for any OpenAPI document, which responds with the document's example. */
export async function measurePrism ({ rounds, requests, warmUp, dataDir, load, prism }) {
  if (!prism) return [missingRow(NAME, 'left out')]
  let file
  try {
    file = await fetchPrism()
  } catch {
    return [missingRow(NAME, 'npx could not fetch it')]
  }
  const azrun = await Server.start('servers/azrun.js', { args: [dataDir] })
  const mock = await Server.start('servers/prism.js', { args: [file, DOCUMENT, `${await freePort()}`] })
  try {
    const share = server => server === mock ? 1 / 20 : 1
    const loadOf = count => server => ({ requests: Math.ceil(count * share(server)) })
    await measureRounds([mock, azrun], load, { rounds: 1, loadOf: loadOf(warmUp) })
    const costs = await measureRounds([mock, azrun], load, { rounds: Math.ceil(rounds / 2), loadOf: loadOf(requests) })
    return [
      ratioRow(`${NAME}, by CPU`, ratios(...costs, 'cpu'), 'at least 10'),
      ratioRow(`${NAME}, by requests/s`, ratios(...costs, 'time'))
    ]
  } finally {
    azrun.stop()
    mock.stop()
  }
}

/** The file of Prism's command in the cache of npx. */
async function fetchPrism () {
  const { stdout } = await promisify(execFile)('npx', ['--yes', '--package', PACKAGE, '--call', 'command -v prism'],
    { env: ENV, timeout: 90_000 })
  return await realpath(stdout.trim())
}

/** A free port for Prism, which does not report the port that it chooses. */
async function freePort () {
  const server = createServer()
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  await new Promise(resolve => server.close(resolve))
  return port
}
