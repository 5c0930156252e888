/**
 * A soak test: azrun with the shell executor serves ordinary clients, misbehaving clients and floods at the same time,
 * and is stopped, killed and restarted with the same data directory. Afterwards it must not hold more memory,
 * descriptors, processes or directories than before.
 *
 *   npm run build && npm run soak -- --minutes 30      on Linux; needs dist/; prints plots and a table
 *
 * `--lives` is the number of times that azrun starts (default 3). Real clients take part if `npm run test:clients` has
 * installed them. Exits with 1 if something was left over or a client got a wrong response.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { findClients } from './soak/clients.js'
import { live } from './soak/life.js'
import { plot } from './soak/plot.js'
import { leftovers } from './soak/target.js'

const { values: { minutes, lives } } = parseArgs({
  options: { minutes: { type: 'string', default: '30' }, lives: { type: 'string', default: '3' } }
})
if (!existsSync(new URL('../dist/cli.js', import.meta.url))) {
  process.stderr.write('soak: there is no dist/; run `npm run build` first\n')
  process.exit(2)
}

const directory = mkdtempSync(join(tmpdir(), 'azrun-soak-'))
const clients = findClients()
const samples = []
const rows = []
try {
  for (let number = 1; number <= Number(lives); number++) {
    const { ended, ...life } = await live({
      directory,
      clients,
      milliseconds: Number(minutes) * 60_000 / Number(lives),
      // An azrun removes what a killed one has left, so only the last one must leave nothing.
      signal: number < Number(lives) && number % 2 === 1 ? 'SIGKILL' : 'SIGTERM'
    })
    samples.push(...life.samples)
    rows.push({ number, ended, ...life })
  }
  rows.at(-1).problems.push(...leftovers(directory))
} finally {
  rmSync(directory, { recursive: true, force: true })
}

const problems = rows.flatMap(({ number, problems }) => problems.map(each => `life ${number}: ${each}`))
process.stdout.write([
  `Clients: the soak test's own requests, ${clients.map(({ name, versions }) => `${name} (${versions})`).join(', ') || 'no real clients'}.`,
  '',
  ...['rss', 'heap', 'descriptors', 'processes', 'health'].map(name => plot(name, samples)),
  '| life | ended by | commands | faults | floods | real clients | slowest health check | RSS, MB | heap, MB | descriptors |',
  '|---|---|---|---|---|---|---|---|---|---|',
  ...rows.map(({ number, ended, counts, before, after, slowest }) => `| ${number} | ${ended} | ${counts.commands} | ` +
    `${counts.faults} | ${counts.floods} | ${counts.clients} | ${slowest} ms | ${before.rss} to ${after.rss} | ` +
    `${before.heap} to ${after.heap} | ${before.descriptors} to ${after.descriptors} |`),
  '',
  problems.length === 0 ? 'Nothing was left over, and every response was right.' : problems.map(each => `- ${each}`).join('\n'),
  ''
].join('\n'))
process.exitCode = problems.length === 0 ? 0 : 1
