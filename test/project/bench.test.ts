import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'

const BENCH = fileURLToPath(new URL('../../bench/bench.js', import.meta.url))
const BUILT = existsSync(new URL('../../dist/index.js', import.meta.url))

const ROWS = [
  /^runCommand, .* bare node:http, by CPU$/,
  /^runCommand, .* bare node:http, by requests\/s$/,
  /^runCommand, .* node:http with the same bytes, a constant, by CPU$/,
  /^runCommand, .* by hand on node:http, by CPU$/,
  /^runCommand, .* by hand on node:http, by requests\/s$/,
  /^runCommand, .* @stoplight\/prism-cli/,
  /^poll, .* bare GET, by CPU$/,
  /^poll, .* bare GET, by requests\/s$/,
  /^poll, .* a GET of the same bytes, a constant, by CPU$/,
  /^runCommand, .* with a journal, beside none, by CPU$/,
  /^poll with a journal, beside none, by CPU$/,
  /^memory by entry of the journal/,
  /^runCommand, .* --auth strict, beside --auth any, by CPU$/,
  /^login with a secret, beside runCommand, immediate, by CPU$/,
  /^heap by operation kept/,
  /^cold start to the first response/,
  /^`azrun --version`/,
  /^start and stop in process$/,
  /^a day of virtual time with [\d,]+ run commands of a minute$/
]

/** Not measured here: it would be downloaded, and tests download nothing. */
const PRISM = 5

t.test('prints a row with a figure for everything that it measures', { skip: !BUILT && 'needs npm run build' }, async t => {
  const { stdout } = await promisify(execFile)(process.execPath, [BENCH, '--quick'], { timeout: 110_000 })
  const [machine, , , , ...rows] = stdout.trimEnd().split('\n')
  t.match(machine, /^Measured on .+, \d+ cores, Node\.js \d+\.\d+\.\d+/)
  t.equal(rows.length, ROWS.length)
  for (const [index, pattern] of ROWS.entries()) {
    const [, name, figure] = /^\| (.+?) \| (.+?) \|/.exec(rows[index]!) ?? []
    t.match(name, pattern)
    t.ok(Number.parseFloat(`${figure}`) > 0 || (index === PRISM && figure === 'not measured: left out'), `${name}: ${figure}`)
  }
})

t.test('refuses an unknown option by name', { skip: !BUILT && 'needs npm run build' }, async t => {
  await t.rejects(promisify(execFile)(process.execPath, [BENCH, '--quik']), { message: /--quik/ })
})
