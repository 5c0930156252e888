import { setTimeout as sleep } from 'node:timers/promises'
import { environmentOf, runClients } from './clients.js'
import { runCommands } from './commands.js'
import { misbehave } from './faults.js'
import { flood } from './floods.js'
import { Target } from './target.js'

const SAMPLE_INTERVAL = 5_000
const HEALTH_INTERVAL = 200

/** The most milliseconds after the load until all connections are closed and all scripts have ended. */
const QUIET_LIMIT = 40_000

/** The growth that is allowed during the load, because caches fill and the garbage collector keeps pages. */
const ALLOWED = { rss: 80, heap: 8, descriptors: 2, processes: 0 }

/** `MemoryStore` keeps at least this number of the newest operations. */
const CAPACITY = 10_000

/** Megabytes for a kept operation. */
const OPERATION_SIZE = 0.002

/**
 * Starts azrun, loads it and stops it. The first tenth of the time is the warm-up. Compares the memory, descriptors and
 * processes after the warm-up with those at the end, each without load.
 */
export async function live ({ directory, clients, milliseconds, signal }) {
  const target = await Target.start(directory)
  // This must be before the floods, because the command may time out on a loaded machine.
  const env = await environmentOf(target.ready)
  const samples = []
  const counts = { commands: 0, faults: 0, floods: 0, clients: 0 }
  const problems = []
  const health = { slowest: 0, recent: 0 }
  const watch = new AbortController()
  const watched = Promise.all([
    repeat(watch.signal, SAMPLE_INTERVAL, async () => {
      samples.push({ ...await target.measure(), health: health.recent })
      health.recent = 0
    }),
    repeat(watch.signal, HEALTH_INTERVAL, () => checkHealth(target, health, problems))
  ])
  const load = async duration => {
    const until = Date.now() + duration
    const tools = { target, until, counts, problems, clients, env }
    await Promise.all([runCommands, misbehave, flood, runClients].map(each => each(tools)))
  }
  await load(milliseconds / 10)
  const before = await quiet(target)
  const keptBefore = keptOf(counts.commands)
  await load(milliseconds * 9 / 10)
  const after = await quiet(target, before)
  watch.abort()
  await watched
  const kept = keptOf(counts.commands) - keptBefore
  const allowed = { ...ALLOWED, heap: ALLOWED.heap + kept * OPERATION_SIZE }
  for (const [name, more] of Object.entries(allowed)) {
    if (after[name] > before[name] + more) problems.push(`${name} grew from ${before[name]} to ${after[name]}, with ${kept} more operations`)
  }
  // Stop azrun while it works. It must leave nothing.
  const working = load(2_000).catch(() => {})
  await sleep(1_000)
  const stopped = problems.length
  const ended = await target.stop(signal)
  await working
  // Requests in those two seconds fail, as they should.
  problems.length = stopped
  if (signal === 'SIGTERM' && !ended.endsWith(' 0')) problems.push(`it ended with ${ended}`)
  return { samples, counts, problems, before, after, ended, slowest: Math.round(health.slowest) }
}

function keptOf (operations) {
  return operations < CAPACITY ? operations : CAPACITY + operations % CAPACITY
}

/** Waits until azrun is idle, but not longer than the limit, and returns its measurements. */
async function quiet (target, wanted = { descriptors: 0 }) {
  const deadline = Date.now() + QUIET_LIMIT
  let last = await target.measure()
  for (;;) {
    await sleep(2_000)
    const now = await target.measure()
    const isSteady = now.processes === 0 && now.descriptors === last.descriptors
    const isDone = isSteady && (wanted.descriptors === 0 || now.descriptors <= wanted.descriptors)
    if (isDone || Date.now() > deadline) return now
    last = now
  }
}

async function checkHealth (target, health, problems) {
  const started = performance.now()
  try {
    const response = await fetch(`${target.ready.httpUrl}/_emulator/health`, { signal: AbortSignal.timeout(10_000) })
    await response.arrayBuffer()
    if (response.status !== 200) problems.push(`a health check got ${response.status}`)
  } catch (error) {
    problems.push(`a health check failed: ${error.message}`)
  }
  const duration = performance.now() - started
  health.recent = Math.max(health.recent, Math.round(duration))
  health.slowest = Math.max(health.slowest, duration)
}

async function repeat (signal, interval, action) {
  while (!signal.aborted) {
    await action()
    await sleep(interval, undefined, { signal }).catch(() => {})
  }
}
