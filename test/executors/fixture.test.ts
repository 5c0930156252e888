/* eslint-disable no-template-curly-in-string -- a fixture's template has this form */
import fc from 'fast-check'
import t from 'tap'
import { virtualMachineId } from '../../src/core/resource-id.js'
import { ExecutionError, type Execution } from '../../src/executors/executor.js'
import { createFixtureExecutor, type Fixture, type FixtureMatch } from '../../src/executors/fixture.js'
import { RunCommandDocuments } from '../../src/guest/documents.js'
import { builtInFixtures } from '../../src/options/fixture-files.js'
import { VirtualClock } from '../../src/time/virtual-clock.js'
import { execution, run } from '../harness/execution.js'

// The rules are those of docs/fixtures.md.

async function stdoutOf (fixtures: readonly Fixture[], given: Execution): Promise<string> {
  const { stdout } = await run(createFixtureExecutor({ fixtures, clock: new VirtualClock() }), given)
  return stdout
}

/** Whether a fixture with this match is used. */
async function matches (match: FixtureMatch, given: Execution): Promise<boolean> {
  return await stdoutOf([{ name: 'the one', match, result: { stdout: 'matched' } }], given) === 'matched'
}

t.test('a fixture without matchers matches everything', async t => {
  t.equal(await stdoutOf([{ name: 'all', result: { stdout: 'x' } }], execution('anything')), 'x')
  t.ok(await matches({}, execution('')))
})

t.test('a script must match as a whole', async t => {
  t.ok(await matches({ script: 'echo one\necho two' }, execution('echo one\necho two')))
  t.notOk(await matches({ script: 'echo' }, execution('echo one')))
  t.notOk(await matches({ script: 'one' }, execution('echo one')))
  t.notOk(await matches({ script: 'ECHO' }, execution('echo')))
})

t.test('a * matches any text, including line breaks and no text', async t => {
  t.ok(await matches({ script: '*' }, execution('')))
  t.ok(await matches({ script: 'echo *' }, execution('echo ')))
  t.ok(await matches({ script: 'a*z' }, execution('a\nb\nz')))
  t.ok(await matches({ script: '*b*' }, execution('abc')))
  t.ok(await matches({ script: 'echo *.txt' }, execution('echo *.txt')), 'a star in the script too')
  t.notOk(await matches({ script: 'aba*ba' }, execution('aba')), 'no character is matched twice')
  t.notOk(await matches({ script: 'a.c' }, execution('abc')), 'nothing else is a wildcard')
})

t.test('a pattern matches the same scripts as the equivalent regular expression', async t => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '\n'), maxLength: 8 })
  await t.resolves(fc.assert(fc.asyncProperty(text, text, async (script, sent) => {
    const expected = new RegExp(`^${script.split('*').join('[^]*')}$`).test(sent)
    return await matches({ script }, execution(sent)) === expected
  }), { numRuns: 1000 }))
})

t.test('a pattern with many wildcards does not stall on a long script', async t => {
  // With backtracking this would exceed any timeout of the test.
  t.notOk(await matches({ script: `${'a*'.repeat(50)}b` }, execution('a'.repeat(1_000_000))))
})

t.test('the machine name matches in any case, the command id only in the same case', async t => {
  const vm = { ...execution('').vm, id: virtualMachineId('s', 'rg', 'Web-01') }
  t.ok(await matches({ vmName: 'wEB-*' }, execution('', { vm })))
  t.notOk(await matches({ vmName: 'db-*' }, execution('', { vm })))
  t.ok(await matches({ commandId: 'Run*Script' }, execution('')))
  t.notOk(await matches({ commandId: 'RunPowerShellScript' }, execution('')))
})

t.test('each listed parameter must be sent with a matching value; others may be sent too', async t => {
  const sent = execution('', { parameters: [{ name: 'a', value: '1' }, { name: 'b', value: 'two' }, { name: 'b', value: '2' }] })
  t.ok(await matches({ parameters: { a: '1' } }, sent))
  t.ok(await matches({ parameters: { a: '*', b: '2' } }, sent))
  t.ok(await matches({ parameters: { b: 't*o' } }, sent))
  t.notOk(await matches({ parameters: { a: '2' } }, sent))
  t.notOk(await matches({ parameters: { a: '1', c: '*' } }, sent))
  t.notOk(await matches({ parameters: { A: '1' } }, sent))
})

t.test('all matchers must match', async t => {
  t.ok(await matches({ commandId: 'RunShellScript', vmName: 'VM', script: 'echo' }, execution('echo')))
  t.notOk(await matches({ commandId: 'RunShellScript', vmName: 'other', script: 'echo' }, execution('echo')))
})

t.test('the first matching fixture is used', async t => {
  const named = (stdout: string, script: string) => ({ name: stdout, match: { script }, result: { stdout } })
  t.equal(await stdoutOf([named('1', 'a'), named('2', '*'), named('3', 'b')], execution('b')), '2')
})

t.test('an empty result means exit code 0 and no output', async t => {
  const executor = createFixtureExecutor({ fixtures: [{ name: 'empty', result: {} }], clock: new VirtualClock() })
  t.strictSame(await run(executor, execution('')), { exitCode: 0, stdout: '', stderr: '' })
})

t.test('a result with a duration takes that long by the clock, and can be aborted', async t => {
  const clock = new VirtualClock()
  const executor = createFixtureExecutor({ clock, fixtures: [{ name: 'slow', result: { stdout: 'x', durationMs: 60_000 } }] })
  let ended = false
  const running = run(executor, execution('')).finally(() => { ended = true })
  const controller = new AbortController()
  const aborted = t.rejects(run(executor, execution(''), controller.signal))
  await clock.advance(59_999)
  t.notOk(ended)
  controller.abort()
  await aborted
  await clock.advance(1)
  t.match(await running, { stdout: 'x' })
})

t.test('sinks receive the output of a fixture and, if none matches, of the script that was not run', async t => {
  const fixtures = [{ name: 'one', match: { script: 'known' }, result: { stdout: 'out', stderr: 'err' } }]
  const executor = createFixtureExecutor({ fixtures, clock: new VirtualClock() })
  for (const script of ['known', 'unknown']) {
    const written = { stdout: '', stderr: '' }
    const sinkOf = (name: 'stdout' | 'stderr') => ({ write: (bytes: Buffer) => { written[name] += bytes.toString() } })
    const { stdout, stderr } = await run(executor, execution(script, { sinks: { stdout: sinkOf('stdout'), stderr: sinkOf('stderr') } }))
    t.not(stdout, '')
    t.strictSame(written, { stdout, stderr }, script)
  }
})

t.test('a fixture with an error fails the run with that error', async t => {
  const fixtures = [{ name: 'lost', error: { code: 'VMAgentStatusCommunicationError', message: 'no status' } }]
  const running = run(createFixtureExecutor({ fixtures, clock: new VirtualClock() }), execution(''))
  const error = await running.catch((error: unknown) => error)
  t.type(error, ExecutionError)
  t.match(error, { code: 'VMAgentStatusCommunicationError', message: 'no status' })
})

t.test('every built-in command has a fixture for its own script, and for no other', async t => {
  const fixtures = builtInFixtures()
  for (const { id, script } of new RunCommandDocuments().list()) {
    const own = await stdoutOf(fixtures, execution(script.join('\n'), { commandId: id }))
    t.notMatch(own, 'no fixture matches', id)
    t.match(await stdoutOf(fixtures, execution('echo mine', { commandId: id })), 'no fixture matches', id)
  }
})

t.test('a template has the values of the parameters in place of their names', async t => {
  const result = { stdout: '${a} and ${b c}${none}.\n', stderr: '$a ${a}', template: true }
  const executor = createFixtureExecutor({ fixtures: [{ name: 'template', result }], clock: new VirtualClock() })
  const parameters = [{ name: 'a', value: '$& ${b c}' }, { name: 'b c', value: '' }, { name: 'b c', value: '2' }]
  t.strictSame(await run(executor, execution('', { parameters })),
    { exitCode: 0, stdout: '$& ${b c} and 2.\n', stderr: '$a $& ${b c}' })
})

t.test('a result that is not a template keeps its text', async t => {
  const stdout = '${a}'
  const executor = createFixtureExecutor({ fixtures: [{ name: 'text', result: { stdout } }], clock: new VirtualClock() })
  t.match(await run(executor, execution('', { parameters: [{ name: 'a', value: '1' }] })), { stdout })
})

t.test('the published samples show their parameters', async t => {
  const outputOf = (commandId: string, ...values: string[]) => {
    const parameters = values.map((value, index) => ({ name: `arg${index + 1}`, value }))
    const { script } = new RunCommandDocuments().find(commandId)!
    return stdoutOf(builtInFixtures(), execution(script.join('\n'), { commandId, parameters }))
  }
  // Documented (the example of the specification) and, without parameters, recorded (azure-cli #23625).
  t.equal(await outputOf('RunPowerShellScript', 'value1', 'value2'), 'This is a sample script with parameters value1 value2')
  t.equal(await outputOf('RunPowerShellScript'), 'This is a sample script with parameters  ')
  t.match(await outputOf('RunShellScript', 'hello'), '/download/0/script.sh hello\n')
})

t.test('the published sample has the recorded output', async t => {
  // Recorded (azure-cli #32286).
  const { script } = new RunCommandDocuments().find('RunShellScript')!
  t.equal(await stdoutOf(builtInFixtures(), execution(script.join('\n'))),
    'This is a sample script\nOptional parameters: /var/lib/waagent/run-command/download/0/script.sh\n')
})
