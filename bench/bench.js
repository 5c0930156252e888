/**
 * The figures of docs/performance.md: azrun compared with servers that do less or the same, in one run on one machine.
 *
 *   npm run build && npm run bench      needs dist/; takes about five minutes and prints a table in Markdown
 *   node bench/bench.js --quick         takes a few seconds to check that it works; its figures mean nothing
 *
 * A ratio compares two servers in the same round; the order of the servers changes from round to round. A figure is the
 * median of its rounds; for the action and for polls, these are spread over several starts of the servers. CPU is the
 * user and system time of the server's process for a request. The bench fetches Prism with npx; without a network, its
 * row says so.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measureColdStart } from './cold-start.js'
import { measureJournal } from './journal.js'
import { LoadGenerator } from './load-generator.js'
import { measureLogin } from './login.js'
import { measureMemory } from './memory.js'
import { measurePoll } from './poll.js'
import { measurePrism } from './prism.js'
import { describeMachine, toTable } from './report.js'
import { measureRunCommand } from './run-command.js'
import { measureStartStop } from './start-stop.js'
import { measureVirtualDay } from './virtual-day.js'

const FULL = {
  prism: true,
  // V8 compiles code for this long: a bare server on Node 24 needs 28,000 requests until its cost is constant.
  warmUp: 30_000,
  processes: 6,
  rounds: 9,
  requests: 2_000,
  operations: 100_000,
  polled: 1_000,
  kept: 10_000,
  growths: 3,
  // One-time work, for example compiling, must be over before the heap is measured.
  growthWarmUp: 3_000,
  starts: 15,
  restarts: 40,
  days: 1
}
const QUICK = {
  prism: false,
  warmUp: 20,
  processes: 1,
  rounds: 1,
  requests: 50,
  operations: 600,
  polled: 20,
  kept: 1_000,
  growths: 1,
  growthWarmUp: 300,
  starts: 1,
  restarts: 1,
  days: 1
}
const MEASURES = [
  measureRunCommand, measurePrism, measurePoll, measureJournal, measureLogin, measureMemory, measureColdStart,
  measureStartStop, measureVirtualDay
]

const { values: { quick } } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
if (!existsSync(new URL('../dist/index.js', import.meta.url))) {
  process.stderr.write('bench: there is no dist/; run `npm run build` first\n')
  process.exit(2)
}

const settings = quick ? QUICK : FULL
const dataDir = mkdtempSync(join(tmpdir(), 'azrun-bench-'))
const load = new LoadGenerator()
const rows = []
try {
  for (const [index, measure] of MEASURES.entries()) {
    if (process.stderr.isTTY) process.stderr.write(`bench: ${measure.name}, ${index + 1} of ${MEASURES.length} ...`)
    const started = performance.now()
    rows.push(...await measure({ ...settings, dataDir, load }))
    // On a terminal, this replaces the previous line.
    const begin = process.stderr.isTTY ? '\r\u001b[K' : ''
    process.stderr.write(`${begin}bench: ${measure.name} took ${((performance.now() - started) / 1000).toFixed(1)} s\n`)
  }
} finally {
  await load.stop()
  rmSync(dataDir, { recursive: true, force: true })
}
process.stdout.write(`${describeMachine()}\n\n${toTable(rows)}\n`)
