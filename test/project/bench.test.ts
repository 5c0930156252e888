import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'

const BENCH = fileURLToPath(new URL('../../bench/bench.js', import.meta.url))
const BUILT = existsSync(new URL('../../dist/index.js', import.meta.url))

const ROWS = [
  /^immediate runCommand, compared with a bare node:http server, by CPU$/,
  /^immediate runCommand, compared with a bare node:http server, by requests\/s$/,
  /^immediate runCommand, compared with a node:http server that sends the same bytes as a constant, by CPU$/,
  /^immediate runCommand, compared with the same features written by hand on node:http, by CPU$/,
  /^immediate runCommand, compared with the same features written by hand on node:http, by requests\/s$/,
  /^immediate runCommand, compared with @stoplight\/prism-cli/,
  /^poll while [\d,]+ operations are kept, compared with a bare GET, by CPU$/,
  /^poll while [\d,]+ operations are kept, compared with a bare GET, by requests\/s$/,
  /^poll while [\d,]+ operations are kept, compared with a GET that sends the same bytes as a constant, by CPU$/,
  /^immediate runCommand with a journal, compared with none, by CPU$/,
  /^immediate runCommand without a journal, compared with itself, by CPU$/,
  /^poll with a journal, compared with none, by CPU$/,
  /^poll without a journal, compared with itself, by CPU$/,
  /^memory for the journal entry of an immediate runCommand$/,
  /^immediate runCommand with --auth strict, compared with --auth any, by CPU$/,
  /^login with a secret, compared with an immediate runCommand, by CPU$/,
  /^heap for each of [\d,]+ kept operations$/,
  /^cold start to the first response/,
  /^`azrun --version`/,
  /^start and stop, in process$/,
  /^a day of virtual time with [\d,]+ run commands of one minute$/
]

/** The index of Prism, which is not measured here, because a test must not download it. */
const PRISM = 5

t.test('prints a row with a figure for each measurement', { skip: !BUILT && 'needs npm run build' }, async t => {
  const { stdout } = await promisify(execFile)(process.execPath, [BENCH, '--quick'], { timeout: 300_000 })
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
