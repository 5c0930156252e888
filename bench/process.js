import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/**
 * The environment of this process without variables that would distort the figures: those of a test runner or debugger,
 * and certificates, which Node 20 reads at each start.
 */
const { NODE_OPTIONS, NODE_V8_COVERAGE, NODE_EXTRA_CA_CERTS, ...ENV } = process.env
export { ENV }

/** The most milliseconds until a process is ready. */
const START_LIMIT = 60_000

/** Starts a program of this folder and waits for its first message, `ready`. */
export async function startProcess (file, { args = [], execArgv = [] } = {}) {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, {
    execArgv, env: ENV, stdio: ['ignore', 'ignore', 'inherit', 'ipc']
  })
  const stop = () => child.kill('SIGKILL')
  const failed = once(child, 'exit').then(([code]) => { throw new Error(`${file} ended with ${code}`) })
  failed.catch(() => {})
  try {
    const [ready] = await Promise.race([once(child, 'message', { signal: AbortSignal.timeout(START_LIMIT) }), failed])
    return { child, ready, stop }
  } catch (error) {
    stop()
    throw error
  }
}
