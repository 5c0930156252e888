import { execFile } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { runCommandUrl } from './harness/emulator.js'

const PROJECT = fileURLToPath(new URL('..', import.meta.url))
const BUILT = existsSync(join(PROJECT, 'dist/cli.js'))

/** The compiled code of the file that each command loads. */
const MAIN = `main.js-${process.version}-${process.arch}`

/** A program that sends a run command to azrun. */
const RUN = [process.execPath, '-e', `
  const url = process.env.AZRUN_URL.replace('https:', 'http:') + '${runCommandUrl()}'
  const headers = { authorization: 'Bearer any', 'content-type': 'application/json' }
  fetch(url, { method: 'POST', headers, body: '{"commandId":"RunShellScript"}' }).then(({ status }) => console.log(status))`]

/** A program that sends a run command and then waits until a file exists. */
const runUntil = (file: string) => [...RUN.slice(0, -1), `${RUN.at(-1)}.then(() => {
  const waiting = setInterval(() => { if (require('node:fs').existsSync('${file}')) clearInterval(waiting) }, 20)
})`]

t.jobs = 2
t.test('compiled code', { skip: !BUILT && 'needs npm run build' }, async t => {
  t.test('is stored by a process that ran a command, and used by the next', async t => {
    const { exec, cacheFiles } = installed(t)
    const facts = () => cacheFiles().map(file => ({ file, ...pick(statSync(file)) }))
    await exec(RUN)
    const stored = facts()
    t.ok(stored.length > 0)
    t.ok(stored.every(({ mode }) => (mode & 0o022) === 0), 'only the user can write to it')
    await exec(RUN)
    t.strictSame(facts(), stored, 'V8 accepts it, so it is not replaced')
  })

  t.test('is stored before the process ends, because a signal may end it', async t => {
    const { exec, cacheFiles, cache } = installed(t)
    await exec(runUntil(join(cache, MAIN)))
    t.ok(cacheFiles().length > 0)
  })

  t.test('is not stored by a short command, or by exec without a run command', async t => {
    const { run, exec, cacheFiles } = installed(t)
    await run(['--help'])
    await run(['env', '--unset'])
    await exec([process.execPath, '-e', '0'])
    t.strictSame(cacheFiles(), [])
  })

  t.test('is replaced if it is damaged', async t => {
    const { exec, cache, cacheFiles } = installed(t)
    await exec(RUN)
    for (const damage of [flip, halve, () => Buffer.alloc(0)]) {
      const damaged = cacheFiles().map(file => ({ file, content: damage(readFileSync(file)) }))
      for (const { file, content } of damaged) writeFileSync(file, content)
      t.equal(await exec(RUN), '202\n')
      const { file, content } = damaged.find(({ file }) => file === join(cache, MAIN))!
      t.notOk(readFileSync(file).equals(content))
    }
  })

  t.test('is not used for a changed bundle of the same length', async t => {
    const { dir, run, exec } = installed(t)
    await exec(RUN)
    const main = join(dir, 'dist/cli/main.js')
    writeFileSync(main, readFileSync(main, 'utf8').replaceAll('A local emulator', 'B local emulator'))
    t.match(await run(['--help']), 'B local emulator')
  })

  t.test('is not required if it cannot be written', async t => {
    const { dir, exec } = installed(t)
    writeFileSync(join(dir, 'node_modules'), '')
    t.equal(await exec(RUN), '202\n')
  })

  t.test('is not stored with NODE_DISABLE_COMPILE_CACHE', async t => {
    const { exec, cacheFiles } = installed(t)
    await exec(RUN, { NODE_DISABLE_COMPILE_CACHE: '1' })
    t.strictSame(cacheFiles(), [])
  })
})

const pick = ({ ino, mtimeMs, mode }: Stats) => ({ ino, mtimeMs, mode })

const halve = (content: Buffer) => content.subarray(0, content.length >> 1)

function flip (content: Buffer): Buffer {
  content[content.length >> 1]! ^= 0xff
  return content
}

/** A copy of the package, with an empty cache. The commands must not print to stderr. */
function installed (t: Test) {
  const dir = t.testdir()
  for (const name of ['dist', 'openapi', 'fixtures', 'package.json']) cpSync(join(PROJECT, name), join(dir, name), { recursive: true })
  const cache = join(dir, 'node_modules/.cache')
  const run = async (args: readonly string[], more = {}) => {
    const env = { PATH: process.env['PATH'], HOME: dir, AZRUN_LOG_LEVEL: 'error', ...more }
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(dir, 'dist/cli.js'), ...args], { env })
    t.equal(stderr, '')
    return stdout
  }
  return {
    dir,
    cache,
    run,
    exec: async (command: readonly string[], more = {}) => await run(['exec', '--', ...command], more),
    cacheFiles: () => existsSync(cache) ? readdirSync(cache).map(name => join(cache, name)) : []
  }
}
