import { execFileSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { runChild } from '../../src/commands/run-child.js'
import { CLI } from '../harness/azrun.js'
import { newDirectory } from '../harness/directory.js'
import { startProgram } from '../harness/program.js'

/** All tests share it, so the CA is created only once. */
const dataDir = newDirectory(t)
const SCRIPT = '/usr/bin/script'

/**
 * A program that counts a signal until another one arrives. It sends the other one to azrun when the first arrives, and
 * azrun keeps the order of signals, so the program would see a repeated one before the other.
 */
const programThatCounts = (signal: string) => {
  const last = signal === 'SIGTERM' ? 'SIGHUP' : 'SIGTERM'
  return `
    let seen = 0
    process.on('${signal}', () => { if (++seen === 1) process.kill(process.ppid, '${last}') })
    process.on('${last}', () => { console.log('seen', seen); process.exit(42) })
    setInterval(() => {}, 1000)
    console.log('ready')`
}

for (const signal of ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP', 'SIGUSR2'] as const) {
  t.test(`passes ${signal} to the command once, waits for it, and exits with its exit code`, async t => {
    const { child, tmp } = launch(t, [process.execPath, CLI, 'exec', '--', process.execPath, '-e', programThatCounts(signal)])
    const closed = once(child, 'close')
    await once(child.stdout!, 'data')
    child.kill(signal)
    t.equal(await text(child.stdout!), 'seen 1\n')
    t.strictSame(await closed, [42, null])
    t.strictSame(readdirSync(tmp), [], 'no file is left')
  })
}

t.test("exits with a shell's code if the signal ends the command", async t => {
  const { child, tmp } = launch(t, [process.execPath, CLI, 'exec', '--', 'sh', '-c', 'echo ready; exec sleep 1000'])
  const closed = once(child, 'close')
  await once(child.stdout!, 'data')
  child.kill('SIGTERM')
  t.strictSame(await closed, [143, null])
  t.strictSame(readdirSync(tmp), [])
})

t.test('does not pass on Ctrl-C on a terminal, which signals the command itself', {
  skip: existsSync(SCRIPT) ? false : `there is no ${SCRIPT}, which makes a terminal`
}, async t => {
  const program = join(t.testdir({ 'program.cjs': programThatCounts('SIGINT') }), 'program.cjs')
  const inTerminal = [process.execPath, CLI, 'exec', '--', process.execPath, program].map(each => `'${each}'`).join(' ')
  const { child, tmp } = launch(t, [SCRIPT, '-qec', `exec ${inTerminal}`, '/dev/null'])
  const closed = once(child, 'close')
  // A terminal also shows stderr, where Node 22 warns of NODE_USE_ENV_PROXY.
  for (let shown = ''; !shown.includes('ready');) shown += (await once(child.stdout!, 'data'))[0]
  child.stdin!.write('\x03')
  t.match(await text(child.stdout!), /seen 1\r\n$/)
  t.strictSame(await closed, [42, null])
  t.strictSame(readdirSync(tmp), [])
})

t.test('ignores repeated signals for a second, then ends at once', async t => {
  const program = `import { onSignal } from '${new URL('../../dist/commands/signals.js', import.meta.url)}'
    onSignal(() => console.log('stopping'))
    setInterval(() => {}, 1000)
    console.log('ready')`
  const { child } = launch(t, [process.execPath, '--input-type=module', '-e', program])
  const closed = once(child, 'close')
  await once(child.stdout!, 'data')
  const begin = performance.now()
  const timer = setInterval(() => child.kill('SIGHUP'), 50)
  t.teardown(() => clearInterval(timer))
  t.equal(await text(child.stdout!), 'stopping\n')
  t.strictSame(await closed, [null, 'SIGHUP'])
  t.ok(performance.now() - begin > 1000)
})

t.test('a signal ends azrun while it waits for data from a pipe', {
  skip: process.platform === 'win32' && 'there are no named pipes in directories'
}, async t => {
  for (const command of [['serve', '--port', '0'], ['exec']]) {
    for (const option of ['--config', '--cert']) {
      const pipe = join(t.testdir(), 'pipe')
      execFileSync('mkfifo', [pipe])
      const args = [...command, option, pipe, ...option === '--cert' ? ['--key', pipe] : []]
      const { child } = launch(t, [process.execPath, CLI, ...args, ...command[0] === 'exec' ? ['--', 'true'] : []])
      const closed = once(child, 'close')
      // Resolves when azrun opens the pipe.
      const writer = await open(pipe, 'w')
      child.kill('SIGTERM')
      t.strictSame(await closed, [null, 'SIGTERM'], args.join(' '))
      await writer.close()
    }
  }
})

t.test('does not start the command after a signal', async t => {
  const file = join(t.testdir(), 'ran')
  const signals = { received: 'SIGTERM' as const, passTo () {}, release () {} }
  t.equal(await runChild({ command: 'touch', args: [file], env: process.env }, signals), 143)
  t.notOk(existsSync(file))
})

/** Starts a command in its own session, so that the terminal of the test run is not its terminal. */
function launch (t: Test, command: readonly string[]): { child: ChildProcess, tmp: string } {
  const tmp = mkdtempSync(join(tmpdir(), 'azrun-exec-test-'))
  const child = startProgram(command, { PATH: process.env['PATH'], TMPDIR: tmp, AZRUN_DATA_DIR: dataDir }, {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true
  })
  t.teardown(() => {
    child.kill('SIGKILL')
    rmSync(tmp, { recursive: true, force: true })
  })
  return { child, tmp }
}
