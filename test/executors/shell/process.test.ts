import { spawnSync } from 'node:child_process'
import { EventEmitter, getEventListeners } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Execution } from '../../../src/executors/executor.js'
import { hasVariable, processIds } from '../../../src/processes/proc.js'
import { execution, isGone, never, run, shellExecutor, until } from '../../harness/execution.js'

const executor = shellExecutor(t)
const execute = async (given: Execution, signal?: AbortSignal) => await run(executor, given, signal)
const noProc = !existsSync('/proc/self/environ') && 'there is no /proc on this machine'
const noSetsid = ['setsid', 'bash'].some(program => spawnSync(program, ['-c', 'true']).error !== undefined) &&
  'there is no setsid or no bash on this machine'

async function pidIn (file: string): Promise<number> {
  await until(() => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'))
  return Number(readFileSync(file, 'utf8'))
}

/** Commands that start a process outside the process group of the script. Each writes the process id to $file. */
const ESCAPES: Readonly<Record<string, string>> = {
  'in its own session': 'nohup setsid sh -c \'echo $$ > $file; exec sleep 300\' &',
  'in its own session, which never stops writing': 'setsid sh -c \'echo $$ > $file; while :; do echo; sleep 0.1; done\' &',
  'forked twice': '(setsid sh -c \'(sh -c "echo \\$\\$ > $file; exec sleep 300") & exit\') &',
  // dash has no job control without a terminal.
  'in a process group of its own': 'bash -c "set -m; sh -c \'echo \\$\\$ > $file; exec sleep 300\' &"',
  'in a process group of its own, without an environment':
    'bash -c "set -m; env -i sh -c \'echo \\$\\$ > $file; exec sleep 300\' &"'
}

/** A script that starts such a process and then runs the command `then`. */
function leaving (t: Test, escape: string, then: string) {
  const directory = mkdtempSync(join(tmpdir(), 'azrun-test-'))
  const file = join(directory, 'pid')
  t.teardown(() => {
    const pid = Number(existsSync(file) && readFileSync(file, 'utf8'))
    if (pid > 0 && !isGone(pid)) process.kill(pid, 'SIGKILL')
    rmSync(directory, { recursive: true })
  })
  const script = `export file=${file}\n${escape}\nuntil [ -s $file ]; do :; done\n${then}`
  return { script, child: () => pidIn(file) }
}

t.test('an abort ends the whole process group', async t => {
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

t.test('a background child that holds the streams open does not outlive the script', async t => {
  const { stdout, ...rest } = await execute(execution('sleep 300 & echo $!'))
  t.hasStrict(rest, { exitCode: 0, stderr: '' })
  await until(() => isGone(Number(stdout)))
})

for (const [how, escape] of Object.entries(ESCAPES)) {
  t.test(`a child ${how} neither delays the result nor outlives the script`, { skip: noSetsid || noProc }, async t => {
    const { script, child } = leaving(t, escape, 'echo done; exit 5')
    const { exitCode, stdout } = await execute(execution(script))
    t.equal(exitCode, 5)
    t.match(stdout, /done\n/)
    const pid = await child()
    await until(() => isGone(pid))
  })

  t.test(`an abort ends a child ${how}`, { skip: noSetsid || noProc }, async t => {
    const controller = new AbortController()
    const { script, child } = leaving(t, escape, 'sleep 300')
    const rejected = t.rejects(execute(execution(script), controller.signal))
    const pid = await child()
    t.notOk(isGone(pid))
    controller.abort()
    await rejected
    await until(() => isGone(pid))
  })
}

t.test('leaves nothing on the signals, which may abort when another process has the id of the script', async t => {
  const [signal, timeUp] = [never(), never()]
  await execute(execution('echo', { timeUp }), signal)
  for (const each of [signal, timeUp]) t.equal(getEventListeners(each, 'abort').length, 0)
})

t.test('a child that has left the session without its environment is not found', { skip: noSetsid || noProc }, async t => {
  // If this fails, correct the documentation, which says the same.
  const { script, child } = leaving(t, 'env -i setsid sh -c "echo \\$\\$ > $file; exec sleep 300" &', 'echo done')
  t.match(await execute(execution(script)), { exitCode: 0, stdout: 'done\n' })
  t.notOk(isGone(await child()))
})

t.test('many children in sessions of their own all end with the script', { skip: noSetsid || noProc }, async t => {
  const script = 'for i in 1 2 3 4 5 6 7 8 9 10; do (for j in 1 2 3 4 5; do setsid sleep 300 & done) & done; wait; ' +
    'echo $AZRUN_SCRIPT'
  const { stdout } = await execute(execution(script))
  t.match(stdout, /^[\da-f]{32}\.\d+\n$/)
  await until(() => !processIds().some(pid => hasVariable(pid, `AZRUN_SCRIPT=${stdout.trim()}`)))
})

t.test('a script that ends does not affect another running script', { skip: noSetsid || noProc }, async t => {
  const controller = new AbortController()
  const { script, child } = leaving(t, ESCAPES['in its own session']!, 'sleep 300')
  const other = t.rejects(execute(execution(script), controller.signal))
  const pid = await child()
  await execute(execution('setsid sleep 300 & echo done'))
  t.notOk(isGone(pid))
  controller.abort()
  await other
})

t.test('a script that prints 100 MB takes little memory and returns its last 4096 bytes', async t => {
  const before = process.memoryUsage().rss
  const { stdout, stderr } = await execute(execution('head -c 100000000 /dev/zero; printf end; echo err >&2'))
  const more = process.memoryUsage().rss - before
  t.ok(more < 50 * 2 ** 20, `${more} bytes more`)
  t.equal(stdout, `${'\0'.repeat(4093)}end`)
  t.equal(stderr, 'err\n')
})

t.test('returns the last bytes of each stream, from the start of a character', async t => {
  const script = 'i=0; while [ $i -lt 3000 ]; do printf "é"; printf "€" >&2; i=$((i+1)); done; printf x'
  const { stdout, stderr } = await execute(execution(script))
  t.equal(stdout, `${'é'.repeat(2047)}x`)
  t.equal(stderr, '€'.repeat(1365))
})

t.test('returns the result even if a process that the script left belongs to another user', async t => {
  // As after `sudo sleep 300 &`: kill(2) fails with EPERM if no process of the group may be signalled.
  const kill = t.capture(process, 'kill', () => {
    throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' })
  })
  t.match(await execute(execution('echo done')), { exitCode: 0, stdout: 'done\n' })
  t.ok(kill().length > 0)
})

t.test('running out of file descriptors or processes fails only the run', async t => {
  // Node's spawn then returns a child without pid and pipes, and emits an error (lib/internal/child_process.js).
  const failing = () => {
    const child = new EventEmitter()
    process.nextTick(() => child.emit('error', new Error('spawn /bin/sh EMFILE')))
    return child
  }
  const { runProcess } = await t.mockImport<typeof import('../../../src/executors/shell/process.js')>(
    '../../../src/executors/shell/process.js', { 'node:child_process': { spawn: failing } })
  const command = { file: '/bin/sh', args: [], cwd: t.testdir(), env: {}, marker: 'test', maxOutput: 1 }
  await t.rejects(runProcess(command, never()), { message: 'spawn /bin/sh EMFILE' })
})
