import { spawn, spawnSync } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { createShellExecutor } from '../src/executors/shell.js'
import { execution, isGone, never, until } from './execution.js'

const { execute } = createShellExecutor()
const noSetsid = spawnSync('setsid', ['true']).error !== undefined && 'there is no setsid on this machine'

async function pidIn (file: string): Promise<number> {
  await until(() => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'))
  return Number(readFileSync(file, 'utf8'))
}

/**
 * Runs a script that first starts a command in a session of its own, which writes its process id to a file and is ended
 * with the test.
 */
async function runLeaving (t: Test, { command, script }: { command: string, script: string }) {
  const file = `${t.testdir()}/pid`
  const start = `nohup setsid sh -c 'echo $$ > ${file}; ${command}' & while ! [ -s ${file} ]; do :; done`
  const result = await execute(execution(`${start}\n${script}`), never())
  const pid = await pidIn(file)
  t.teardown(() => isGone(pid) || process.kill(pid, 'SIGKILL'))
  return { pid, result }
}

t.test('an abort ends the whole group', async t => {
  const file = `${t.testdir()}/pid`
  const controller = new AbortController()
  const running = execute(execution(`sh -c 'sleep 300 & echo $! > ${file}; wait'; echo never`), controller.signal)
  const rejected = t.rejects(running, { message: 'stop' })
  const grandchild = await pidIn(file)
  t.notOk(isGone(grandchild))
  controller.abort(new Error('stop'))
  await rejected
  await until(() => isGone(grandchild))
})

t.test('an abort ends a script that ignores every signal it can', async t => {
  const file = `${t.testdir()}/pid`
  const controller = new AbortController()
  const script = `trap '' HUP INT TERM; echo $$ > ${file}; while :; do sleep 1; done`
  const rejected = t.rejects(execute(execution(script), controller.signal))
  const shell = await pidIn(file)
  controller.abort()
  await rejected
  await until(() => isGone(shell))
})

t.test('a background child that holds the pipes does not hold up the answer', async t => {
  const before = performance.now()
  const result = await execute(execution('sleep 300 & echo done'), never())
  t.strictSame(result, { exitCode: 0, stdout: 'done\n', stderr: '' })
  t.ok(performance.now() - before < 10_000)
})

t.test('nor does one in a session of its own', { skip: noSetsid }, async t => {
  const before = performance.now()
  const { result, pid } = await runLeaving(t, { command: 'exec sleep 60', script: 'echo done' })
  t.match(result, { exitCode: 0, stdout: 'done\n' })
  t.ok(performance.now() - before < 10_000)
  t.notOk(isGone(pid))
})

t.test('nor one that never stops writing', { skip: noSetsid }, async t => {
  const { result, pid } = await runLeaving(t, { command: 'exec yes', script: 'exit 5' })
  t.equal(result.exitCode, 5)
  t.match(result.stdout, /y\ny\n/)
  await until(() => isGone(pid))
})

t.test('a busy event loop loses no output', async t => {
  // The script ends while the loop is busy with what ended before it, and the loop stays busy for longer than the pipes
  // may be silent: both exits are seen before the script's output is.
  const dir = t.testdir()
  const busyUntil = (condition: () => boolean) => { while (!condition()); }
  const busyFor = (ms: number) => {
    const end = performance.now() + ms
    busyUntil(() => performance.now() > end)
  }
  const script = `echo $$ > ${dir}/up; while ! [ -e ${dir}/go ]; do :; done; echo heard; echo $$ > ${dir}/down`
  const running = execute(execution(script), never())
  await pidIn(`${dir}/up`)
  const other = spawn('sh', ['-c', `echo; : > ${dir}/other`])
  const otherEnded = once(other, 'exit')
  other.stdout.once('data', () => {
    writeFileSync(`${dir}/go`, '')
    busyUntil(() => existsSync(`${dir}/down`))
    busyFor(50)
  })
  other.once('exit', () => busyFor(100))
  busyUntil(() => existsSync(`${dir}/other`))
  busyFor(30)
  t.strictSame(await running, { exitCode: 0, stdout: 'heard\n', stderr: '' })
  await otherEnded
})

t.test('a script that prints 1 GB costs bounded memory and shows its last 4096 bytes', async t => {
  const before = process.memoryUsage()
  let most = 0
  const watch = setInterval(() => {
    const { arrayBuffers, heapUsed } = process.memoryUsage()
    most = Math.max(most, arrayBuffers - before.arrayBuffers, heapUsed - before.heapUsed)
  }, 5)
  t.teardown(() => clearInterval(watch))
  const { stdout, stderr } = await execute(execution('head -c 1000000000 /dev/zero; printf end; echo err >&2'), never())
  // Garbage alone: Node 20 and 22 let about 30 MB of it lie, Node 24 about 100 MB, for 4 GB as for 1 GB.
  t.ok(most < 256 * 2 ** 20, `${most} bytes more at the most`)
  t.equal(stdout, `${'\0'.repeat(4093)}end`)
  t.equal(stderr, 'err\n')
})

t.test('each stream keeps its last bytes, cut on a character', async t => {
  const script = 'i=0; while [ $i -lt 3000 ]; do printf "é"; printf "€" >&2; i=$((i+1)); done; printf x'
  const { stdout, stderr } = await execute(execution(script), never())
  t.equal(stdout, `${'é'.repeat(2047)}x`)
  t.equal(stderr, '€'.repeat(1365))
})

t.test('a script whose leftovers belong to another user ends nonetheless', async t => {
  // As after `sudo sleep 300 &`: kill(2) says EPERM where no process of the group may be signalled.
  const kill = t.capture(process, 'kill', () => {
    throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' })
  })
  t.match(await execute(execution('echo done'), never()), { exitCode: 0, stdout: 'done\n' })
  t.ok(kill().length > 0)
})

t.test('a want of file descriptors or processes fails the run and no more', async t => {
  // What node's spawn answers then: a child without pid and pipes, and an error event (lib/internal/child_process.js).
  const startless = () => {
    const child = new EventEmitter()
    process.nextTick(() => child.emit('error', new Error('spawn /bin/sh EMFILE')))
    return child
  }
  const { runProcess } = await t.mockImport<typeof import('../src/executors/process.js')>(
    '../src/executors/process.js', { 'node:child_process': { spawn: startless } })
  const command = { file: '/bin/sh', args: [], cwd: '/', env: {}, maxOutput: 1 }
  await t.rejects(runProcess(command, never()), { message: 'spawn /bin/sh EMFILE' })
})
