import { execFileSync, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, createReadStream, existsSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { azrun, CLI } from '../harness/azrun.js'
import { newDirectory } from '../harness/directory.js'
import { until } from '../harness/execution.js'
import { startProgram } from '../harness/program.js'

const PROGRAM = [process.execPath, CLI]
/** All tests share it, so the CA is created only once. */
const dataDir = newDirectory(t)
let started = 0
const ENV = { PATH: process.env['PATH'] }
const DEBUG = ['--port', '0', '--log-level', 'debug']

const fullDisk = existsSync('/dev/full') ? false : 'there is no /dev/full, which behaves like a full disk'

t.test('keeps serving while nobody reads its log, then logs how many lines it dropped', async t => {
  const { child, httpUrl } = await serve(t, DEBUG, ['ignore', 'pipe', 'pipe'])
  // Their lines exceed the capacity of the pipe and of azrun's buffer.
  const requests = 600
  for (let i = 0; i < requests; i++) await get(`${httpUrl}/_emulator/health?${i}&${'x'.repeat(4000)}`)
  const log = read(child.stderr!)
  const dropped = await log.find(/"level":40,.*"msg":"(\d+) log lines were dropped, because nothing read stderr"/)
  t.ok(Number(dropped) > 0 && Number(dropped) < requests, `${dropped} of ${requests}`)
  await get(`${httpUrl}/_emulator/health?last`)
  t.equal(await log.find(/health\?(last)/), 'last')
})

t.test('ends on SIGTERM while nobody reads its log', async t => {
  const { child, httpUrl } = await serve(t, DEBUG, ['ignore', 'pipe', 'pipe'])
  for (let i = 0; i < 100; i++) await get(`${httpUrl}/_emulator/health?${'x'.repeat(4000)}`)
  child.kill('SIGTERM')
  t.strictSame(await once(child, 'exit'), [0, null])
})

t.test('keeps serving while the disk of its log is full', { skip: fullDisk }, async t => {
  const { child, httpUrl } = await serve(t, DEBUG, ['ignore', 'pipe', openFile(t, '/dev/full', 'w')])
  for (let i = 0; i < 3; i++) await get(`${httpUrl}/_emulator/health`)
  child.kill('SIGTERM')
  t.strictSame(await once(child, 'exit'), [0, null])
})

t.test('logs how many lines it dropped once its log is read again', async t => {
  const fifo = join(t.testdir(), 'log')
  execFileSync('mkfifo', [fifo])
  const both = openSync(fifo, 'r+')
  const { httpUrl } = await serve(t, DEBUG, ['ignore', 'pipe', openFile(t, fifo, 'w')])
  closeSync(both)
  for (let i = 0; i < 3; i++) await get(`${httpUrl}/_emulator/health`)
  const reader = createReadStream(fifo)
  await once(reader, 'open')
  const log = read(reader)
  await get(`${httpUrl}/_emulator/health?again`)
  const notice = JSON.parse(await log.find(/^(.*)\n(?:.*\n)*.*health\?again/))
  t.match(notice, { level: 40, time: Number, pid: Number, hostname: String, msg: /^\d log lines were dropped, / })
})

t.test('keeps serving if stdout or stderr is closed', async t => {
  for (const closed of ['stdout', 'stderr'] as const) {
    const { child, httpUrl } = await serve(t, DEBUG, ['ignore', 'pipe', 'pipe'], closed)
    for (let i = 0; i < 3; i++) await get(`${httpUrl}/_emulator/health`)
    child.kill('SIGTERM')
    t.strictSame(await once(child, 'exit'), [0, null], closed)
  }
})

t.test('keeps serving if the disk of stdout is full', { skip: fullDisk }, async t => {
  const { child, httpUrl } = await serve(t, DEBUG, ['ignore', openFile(t, '/dev/full', 'w'), 'pipe'])
  t.match(await read(child.stderr!).find(/(azrun: the output cannot be written to stdout: ENOSPC.*)/), 'ENOSPC')
  await get(`${httpUrl}/_emulator/health`)
})

t.test("exec exits with the command's exit code while stderr is full or closed", { skip: fullDisk }, async t => {
  const exec = [...PROGRAM, 'exec', '--log-level', 'debug', '--data-dir', dataDir, '--', 'sh', '-c', 'exit 7']
  const child = startProgram(exec, ENV, { stdio: ['ignore', 'ignore', openFile(t, '/dev/full', 'w')] })
  t.strictSame(await once(child, 'exit'), [7, null])
  const closed = startProgram(exec, ENV, { stdio: ['ignore', 'ignore', 'pipe'] })
  closed.stderr!.destroy()
  t.strictSame(await once(closed, 'exit'), [7, null])
  const missing = [...exec.slice(0, -3), 'no-such-command']
  const unknown = startProgram(missing, ENV, { stdio: ['ignore', 'ignore', openFile(t, '/dev/full', 'w')] })
  t.strictSame(await once(unknown, 'exit'), [127, null])
})

t.test('--help fails if stdout is full', { skip: fullDisk }, async t => {
  const child = startProgram([...PROGRAM, '--help'], ENV, { stdio: ['ignore', openFile(t, '/dev/full', 'w'), 'pipe'] })
  const [stderr, [code]] = await Promise.all([text(child.stderr!), once(child, 'exit')])
  t.equal(code, 1)
  t.match(stderr, /^azrun: the output cannot be written to stdout: ENOSPC.*\n$/)
})

t.test('--help succeeds if the reader of stdout has closed it', async t => {
  const child = startProgram([...PROGRAM, '--help'], ENV, { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout!.destroy()
  t.strictSame(await Promise.all([text(child.stderr!), once(child, 'exit')]), ['', [0, null]])
})

t.test('writes the last lines of its log before it ends', async t => {
  const { code, stderr } = await azrun(t, ['exec', '--log-level', 'debug', '--data-dir', dataDir, '--', 'sh', '-c',
    `'${process.execPath}' -e 'fetch(process.env.AZRUN_URL.replace("https", "http") + "/_emulator/health?" + "x".repeat(5e3))'`])
  t.equal(code, 0)
  t.match(stderr.trim().split('\n').map(line => JSON.parse(line)).at(-1), { url: /health\?xxx/ })
})

/** Starts `azrun serve` and waits for its ready file, because stdout may be closed. */
async function serve (t: Test, args: readonly string[], stdio: StdioOptions,
  closed?: 'stdout' | 'stderr') {
  const readyFile = join(dataDir, `ready-${started++}.json`)
  const child = startProgram([...PROGRAM, ...args, '--data-dir', dataDir, '--ready-file', readyFile], ENV, { stdio })
  t.teardown(() => { child.kill('SIGKILL') })
  if (closed !== undefined) child[closed]!.destroy()
  const ended = once(child, 'exit').then(([code]) => { throw new Error(`azrun ended with ${code}`) })
  ended.catch(() => {})
  await Promise.race([ended, until(() => existsSync(readyFile))])
  return { child, ...JSON.parse(readFileSync(readyFile, 'utf8')) as { httpUrl: string } }
}

async function get (url: string): Promise<void> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url} responded with ${response.status}`)
  await response.text()
}

/** Reads a stream. `find` waits until a pattern matches, and resolves to its first group. */
function read (stream: Readable) {
  let seen = ''
  stream.on('data', chunk => { seen += chunk })
  return {
    async find (pattern: RegExp): Promise<string> {
      while (!pattern.test(seen)) await once(stream, 'data')
      return pattern.exec(seen)![1]!
    }
  }
}

function openFile (t: Test, file: string, flags: string): number {
  const fd = openSync(file, flags)
  t.teardown(() => closeSync(fd))
  return fd
}
