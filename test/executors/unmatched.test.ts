import t from 'tap'
import { createFixtureExecutor } from '../../src/executors/fixture.js'
import { Unmatched } from '../../src/executors/unmatched.js'
import { createEmulator } from '../../src/index.js'
import { readFixtures } from '../../src/options/fixture-files.js'
import { plainName } from '../../src/options/names.js'
import { VirtualClock } from '../../src/time/virtual-clock.js'
import { build, get, runCommand } from '../harness/emulator.js'
import { execution, run } from '../harness/execution.js'
import { ended, put } from '../harness/managed.js'
import { matchList } from '../harness/match-list.js'

/** A handler of unmatched scripts, with its warnings. */
function warning () {
  const warnings: string[] = []
  return { warnings, unmatched: new Unmatched('succeed', { warn: message => warnings.push(message) }) }
}

t.test('the output reports that no fixture matches and shows how to add one', async t => {
  const { stdout } = warning().unmatched.handle(execution('echo mine'))
  t.match(stdout, "no fixture matches this RunShellScript on 'vm'")
  t.match(stdout, '--fixtures')
  t.match(stdout, '--executor shell')
  t.notMatch(stdout.trimEnd(), '\n')
  const directory = t.testdir({ 'example.json': /\{"fixtures".*\]\}/.exec(stdout)![0] })
  const { fixtures } = await readFixtures(directory, plainName('--fixtures'))
  const executor = createFixtureExecutor({ fixtures, clock: new VirtualClock() })
  t.match(await run(executor, execution('echo mine')), { stdout: 'hello' }, 'the example is a fixture file')
})

t.test('the output and the messages name a managed run command', async t => {
  const { warnings, unmatched } = warning()
  const { stdout } = unmatched.handle(execution('echo mine', { runCommandName: 'disks' }))
  t.match(stdout, "azrun: no fixture matches the managed run command 'disks' on 'vm', so nothing was run.")
  matchList(t, warnings,
    [/^no fixture matches the managed run command 'disks' on 'vm' \("echo mine"\): nothing was run/])
  const emulator = await build(t, { unmatched: 'fail' })
  t.match(await ended(emulator, await put(emulator, 'echo mine', { name: 'disks' })),
    { status: 'Failed', error: { message: /No fixture matches the managed run command 'disks' on 'vm', so azrun ran nothing/ } })
})

t.test('a warning has the machine, the command, the script and what to do', async t => {
  const { warnings, unmatched } = warning()
  unmatched.handle(execution('\necho mine\necho more'))
  t.strictSame(warnings, ['no fixture matches this RunShellScript on \'vm\' ("echo mine"): nothing was run, and it is ' +
    'reported as succeeded. Add one with --fixtures DIR, run scripts with --executor shell, or let such commands fail ' +
    'with --unmatched fail'])
})

t.test('warns once about each script', async t => {
  const { warnings, unmatched } = warning()
  for (const script of ['a', 'b', 'a', 'a', 'b']) unmatched.handle(execution(script))
  unmatched.handle(execution('a', { commandId: 'RunPowerShellScript' }))
  t.equal(warnings.length, 3)
})

t.test('warns at most 100 times about scripts that differ, and announces that in the last warning', async t => {
  const { warnings, unmatched } = warning()
  for (let i = 0; i < 1000; i++) unmatched.handle(execution(`echo ${i} ${'x'.repeat(100)}`))
  t.equal(warnings.length, 100)
  matchList(t, warnings.filter(text => text.endsWith('; this is the last of 100 such warnings')), [warnings.at(-1)])
  t.match(warnings[0], `("echo 0 ${'x'.repeat(53)}...")`)
})

t.test('with --unmatched fail the operation fails and the error has the reason', async t => {
  const emulator = await build(t, { unmatched: 'fail' })
  const script = { commandId: 'RunShellScript', script: ['echo mine'] }
  const { headers } = await runCommand(emulator, script)
  const error = {
    code: 'NoFixtureMatched',
    message: "No fixture matches this RunShellScript on 'vm', so azrun ran nothing. Add one with --fixtures, " +
      'or run scripts for real with --executor shell.'
  }
  t.match((await get(emulator, headers['azure-asyncoperation'] as string)).json(), { status: 'Failed', error })
  const result = await get(emulator, headers.location as string)
  t.equal(result.statusCode, 409)
  t.strictSame(result.json(), { error })
  t.equal((await runCommand(emulator, { commandId: 'RunShellScript' }, { headers: { prefer: 'wait=1' } })).statusCode, 200)
})

t.test('with --unmatched fail there is no warning, because the client sees the error', async t => {
  const unmatched = new Unmatched('fail', { warn: message => t.fail(message) })
  t.throws(() => unmatched.handle(execution('a')), { code: 'NoFixtureMatched' })
})

t.test('--unmatched fail is refused with an executor that has no fixtures', async t => {
  await t.rejects(createEmulator({ unmatched: 'fail', executor: 'shell' }),
    { message: /^option 'unmatched' fail cannot be combined with option 'executor' shell, which does not use/ })
  await t.rejects(createEmulator({ unmatched: 'fail', executor: { execute: () => ({ exitCode: 0, stdout: '', stderr: '' }) } }),
    { message: /^option 'unmatched' fail cannot be combined with an executor of your own, which does not use/ })
})
