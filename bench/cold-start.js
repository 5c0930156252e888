import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { startEmulator } from '../dist/index.js'
import { ENV } from './process.js'
import { ratioRow } from './report.js'
import { BODY, HEADERS, runCommandPath } from './requests.js'

const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url))

/**
 * The time from the start of the process to the first response to the action, and the time of `azrun --version`, each
 * compared with a Node.js process that does nothing.
 */
export async function measureColdStart ({ starts, dataDir }) {
  const emulator = await startEmulator({ dataDir })
  await emulator.close()
  // A process that is not killed stores its compiled code for the next one.
  await timeAzrun(dataDir, 'SIGTERM')
  const starting = []
  const version = []
  for (let round = 0; round < starts; round++) {
    const nothing = await timeNode('-e', '0')
    starting.push(await timeAzrun(dataDir) / nothing)
    version.push(await timeNode(CLI, '--version') / await timeNode('-e', '0'))
  }
  return [
    ratioRow('cold start to the first response, as a multiple of `node -e 0`', starting, 'at most 3.0'),
    ratioRow('`azrun --version`, as a multiple of `node -e 0`', version, 'at most 1.5')
  ]
}

async function timeNode (...args) {
  const started = performance.now()
  await once(spawn(process.execPath, args, { env: ENV, stdio: 'ignore' }), 'close')
  return performance.now() - started
}

async function timeAzrun (dataDir, end = 'SIGKILL') {
  const started = performance.now()
  const child = spawn(process.execPath, [CLI, '--port', '0', '--respond', 'immediate', '--data-dir', dataDir],
    { env: ENV, stdio: ['ignore', 'pipe', 'ignore'] })
  try {
    const [line] = await once(createInterface(child.stdout), 'line', { signal: AbortSignal.timeout(30_000) })
    await firstResponse(Number(/:(\d+)$/.exec(line)[1]))
    return performance.now() - started
  } finally {
    child.kill(end)
    await once(child, 'close')
  }
}

async function firstResponse (port) {
  const action = request({ port, host: '127.0.0.1', method: 'POST', path: runCommandPath('vm'), headers: HEADERS, agent: false })
  action.end(BODY)
  const [response] = await once(action, 'response')
  if (response.statusCode !== 200) throw new Error(`the first response was ${response.statusCode}`)
  await once(response.resume(), 'end')
}
