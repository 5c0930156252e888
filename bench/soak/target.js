import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { ENV } from '../process.js'

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
const METER = fileURLToPath(new URL('../servers/meter.js', import.meta.url))

const MEGABYTE = 1024 * 1024

/** The most milliseconds for azrun to start, and to stop. */
const LIMIT = 20_000

/** A running azrun that keeps all its files below one directory. */
export class Target {
  #child
  #temporary

  /** Starts azrun on a free port and waits for its ready file. */
  static async start (directory) {
    const temporary = join(directory, 'tmp')
    mkdirSync(temporary, { recursive: true })
    const readyFile = join(directory, 'ready.json')
    const child = fork(CLI, ['--port', '0', '--executor', 'shell', '--data-dir', join(directory, 'data'),
      '--ready-file', readyFile, '--log-level', 'error'
    ], { execArgv: ['--expose-gc', '--import', METER], env: { ...ENV, TMPDIR: temporary }, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    const deadline = Date.now() + LIMIT
    while (child.exitCode === null && Date.now() < deadline) {
      const ready = read(readyFile)
      if (ready?.pid === child.pid) return new Target(child, temporary, { ...ready, readyFile, directory })
      await sleep(50)
    }
    child.kill('SIGKILL')
    throw new Error(`azrun did not start within ${LIMIT / 1000} s; its exit code is ${child.exitCode}`)
  }

  constructor (child, temporary, ready) {
    this.#child = child
    this.#temporary = temporary
    this.ready = ready
  }

  get isAlive () {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** The current memory, descriptors and processes. `rss` and `heap` are in MB; `heap` is after garbage collection. */
  async measure () {
    const { pid } = this.#child
    this.#child.send('heap')
    const [heap] = await once(this.#child, 'message', { signal: AbortSignal.timeout(LIMIT) })
    const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return {
      rss: Math.round(kilobytes * 1024 / MEGABYTE),
      heap: Math.round(heap / MEGABYTE * 10) / 10,
      descriptors: readdirSync(`/proc/${pid}/fd`).length,
      processes: processesIn(this.#temporary).length
    }
  }

  /** Stops azrun. Returns its exit code, or the signal that killed it. */
  async stop (signal) {
    const exited = once(this.#child, 'exit', { signal: AbortSignal.timeout(LIMIT) })
    this.#child.kill(signal)
    const [code, killedBy] = await exited
    return killedBy ?? `${signal}, exit code ${code}`
  }
}

/** Sentences about the files and processes that scripts have left. */
export function leftovers (directory) {
  const temporary = join(directory, 'tmp')
  const entries = readdirSync(temporary)
  const pids = processesIn(temporary)
  return [
    ...entries.length > 0 ? [`${entries.length} files are left, for example ${entries[0]}`] : [],
    ...pids.length > 0 ? [`${pids.length} processes are left, for example ${pids[0]}`] : []
  ]
}

/** The processes of scripts, whose working directories are below this directory. */
function processesIn (directory) {
  return readdirSync('/proc').filter(pid => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`).startsWith(directory)
    } catch {
      return false
    }
  })
}

function read (file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
