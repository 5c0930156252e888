/** Starts azrun, runs client.js against it, and leaves nothing behind. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const TIME_LIMIT = 60_000

const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url))
const client = fileURLToPath(new URL('client.js', import.meta.url))
const directory = mkdtempSync(join(tmpdir(), 'azrun-demo-'))
const children = []

const stopped = new Promise((resolve, reject) => {
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => reject(new Error(`it was stopped by ${signal}`)))
  setTimeout(() => reject(new Error(`it took longer than ${TIME_LIMIT / 1000} s`)), TIME_LIMIT).unref()
})

try {
  await Promise.race([demonstrate(), stopped])
} catch (error) {
  console.error(`\ndemo: ${error.message}`)
  process.exitCode = 1
} finally {
  await Promise.all(children.map(end))
  rmSync(directory, { recursive: true, force: true })
}

async function demonstrate () {
  if (!existsSync(cli)) throw new Error(`there is no ${cli}: 'npm run build' makes it`)
  const { url, caFile, version } = await startAzrun()
  console.log(`azrun ${version} listens on ${url} and runs scripts in a shell.`)
  const code = await run([client, url], { NODE_EXTRA_CA_CERTS: caFile, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' })
  if (code !== 0) throw new Error(`the client ended with ${code}`)
}

async function startAzrun () {
  const readyFile = join(directory, 'ready.json')
  const options = ['--executor=shell', '--port=0', `--ready-file=${readyFile}`, `--data-dir=${directory}`, '--log-level=warn']
  const azrun = start([cli, ...options], {}, ['ignore', 'pipe', 'inherit'])
  await Promise.race([once(azrun.stdout, 'data'), once(azrun, 'exit')])
  if (!existsSync(readyFile)) throw new Error('azrun did not start')
  return JSON.parse(readFileSync(readyFile, 'utf8'))
}

async function run (args, env) {
  const [code, signal] = await once(start(args, env, ['ignore', 'inherit', 'inherit']), 'exit')
  return code ?? signal
}

/** The AZRUN_ variables of the shell are meant for another azrun. */
function start (args, env, stdio) {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('AZRUN_'))
  const child = spawn(process.execPath, args, { env: { ...Object.fromEntries(own), ...env }, stdio })
  children.push(child)
  return child
}

async function end (child) {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill()
  await once(child, 'exit')
}
