import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { silentLog } from '../../src/core/log.js'
import { ExecutionError, type Execution, type ExecutionResult, type Executor } from '../../src/executors/executor.js'
import { Agent, type CommandOutcome, type RunCommand } from '../../src/guest/agent.js'
import { RunCommandDocuments } from '../../src/guest/documents.js'
import { timeouts } from '../../src/guest/extension-errors.js'
import { OperationError } from '../../src/operations/operation.js'
import { RECORDINGS, skipRecordings } from '../harness/azure-data.js'
import { execution } from '../harness/execution.js'
import { matchList } from '../harness/match-list.js'
import { holdTimers } from '../harness/timers.js'

const documents = new RunCommandDocuments()
const shellScript = documents.find('RunShellScript')!
const powerShellScript = documents.find('RunPowerShellScript')!
const { vm: linuxVm } = execution('')
const windowsVm = { ...linuxVm, osType: 'Windows' } as const

const context = { signal: new AbortController().signal }

/** The message of a Linux result, which contains both streams. */
function linuxText (stdout: string, stderr: string): string {
  return `Enable succeeded: \n[stdout]\n${stdout}\n[stderr]\n${stderr}`
}

/** An executor that returns this result and records its executions. */
function returning (result: Partial<ExecutionResult> = {}): Executor & { readonly executed: Execution[] } {
  const executed: Execution[] = []
  return {
    executed,
    async execute (execution) {
      executed.push(execution)
      return { exitCode: 0, stdout: '', stderr: '', ...result }
    }
  }
}

async function run (executor: Executor, command: Partial<RunCommand> = {}) {
  const document = command.document ?? shellScript
  const vm = document.osType === 'Linux' ? linuxVm : windowsVm
  return (await new Agent(executor, { log: silentLog }).run(vm, { document, ...command }, context)).result.value
}

async function messages (result: Partial<ExecutionResult>, command: Partial<RunCommand> = {}): Promise<string[]> {
  return (await run(returning(result), command)).map(({ message }) => message)
}

t.test('a Linux result is one status with both streams', async t => {
  // Recorded (java_canRunScriptOnVM): the result of `echo $0 $1` with arg1=hello.
  const stdout = '/var/lib/waagent/run-command/download/0/script.sh hello\n'
  const text = '{"value":[{"code":"ProvisioningState/succeeded","level":"Info",' +
    '"displayStatus":"Provisioning succeeded","message":"Enable succeeded: \\n[stdout]\\n' +
    '/var/lib/waagent/run-command/download/0/script.sh hello\\n\\n[stderr]\\n"}]}'
  t.equal(JSON.stringify({ value: await run(returning({ stdout })) }), text)
  t.equal(text.length, 218)
})

t.test('a Linux script that fails has an ordinary result', async t => {
  // Recorded (azure-cli #14425, `exit 123`): no exit code anywhere.
  const [status, ...rest] = await run(returning({ exitCode: 123, stderr: 'no\n' }))
  t.same(rest, [])
  t.strictSame(status, {
    code: 'ProvisioningState/succeeded',
    level: 'Info',
    displayStatus: 'Provisioning succeeded',
    message: linuxText('', 'no\n')
  })
})

t.test('a Windows result has one status for each stream, without the last newline', async t => {
  // Recorded (azcli_sqlvm, ps_TestVirtualMachineSetRunCommand_polls).
  const stdout = 'This is a sample script with parameters var1 var2\r\nSecond line with escaped characters\r\n'
  const text = '{"value":[{"code":"ComponentStatus/StdOut/succeeded","level":"Info",' +
    '"displayStatus":"Provisioning succeeded",' +
    '"message":"This is a sample script with parameters var1 var2\\nSecond line with escaped characters"},' +
    '{"code":"ComponentStatus/StdErr/succeeded","level":"Info","displayStatus":"Provisioning succeeded","message":""}]}'
  t.equal(JSON.stringify({ value: await run(returning({ stdout }), { document: powerShellScript }) }), text)
})

t.test('a Windows script that fails has an ordinary result', async t => {
  // Recorded (docs-cli #4542, 2024): succeeded, the text in StdErr.
  const [stdout, stderr] = await run(returning({ exitCode: 1, stderr: 'no\n' }), { document: powerShellScript })
  t.match(stdout, { code: 'ComponentStatus/StdOut/succeeded', message: '' })
  t.match(stderr, { code: 'ComponentStatus/StdErr/succeeded', level: 'Info', message: 'no' })
})

const recording = new URL('azcli_vm__latest__test_vm_run_command_e2e.json', RECORDINGS)

t.test('each stream is cut to its last 4096 bytes, as recorded', { skip: skipRecordings }, async t => {
  const { exchanges } = JSON.parse(readFileSync(recording, 'utf8')) as { exchanges: { response: { body: string } }[] }
  const body = exchanges.map(({ response }) => response.body).findLast(body => body?.startsWith('{"value":[{"code"'))!
  const { message } = (JSON.parse(body) as { value: [{ message: string }] }).value[0]
  const [, stdout, stderr] = /\[stdout\]\n(.*)\n\[stderr\]\n(.*)$/s.exec(message) as unknown as [string, string, string]
  t.equal(Buffer.byteLength(stdout), 4096)
  t.same(await messages({ stdout: `more output\n${stdout}`, stderr }), [message])
})

t.test('the result shows the end of each stream: at most 4096 bytes, from the start of a character', async t => {
  const character = fc.constantFrom('a', 'é', '€', '😀', '\n', '\uFFFD')
  const text = fc.tuple(fc.string({ unit: character, maxLength: 8 }), fc.nat({ max: 3000 }), character)
    .map(([head, count, filling]) => head + filling.repeat(count) + head)
  await t.resolves(fc.assert(fc.asyncProperty(text, text, async (stdout, stderr) => {
    const [message] = await messages({ stdout, stderr })
    const [shownOut, shownErr] = message!.slice('Enable succeeded: \n[stdout]\n'.length).split('\n[stderr]\n')
    return [[stdout, shownOut], [stderr, shownErr]].every(([whole, shown]) => {
      const bytes = Buffer.byteLength(shown!)
      // At most the rest of one character is missing from the 4096 bytes.
      const isFull = shown === whole || bytes > 4096 - 4
      return whole!.endsWith(shown!) && bytes <= 4096 && isFull && !/^[\uDC00-\uDFFF]/.test(shown!)
    })
  }), { numRuns: 100 }))
})

t.test('a stream of 4096 bytes is shown completely, one of 4097 bytes is cut', async t => {
  t.same(await messages({ stdout: 'x'.repeat(4096) }), [linuxText('x'.repeat(4096), '')])
  t.same(await messages({ stderr: `y${'x'.repeat(4096)}` }), [linuxText('', 'x'.repeat(4096))])
})

t.test('the script lines are joined, without carriage returns and byte order mark', async t => {
  // Documented by the handler's source (run-command-extension-linux): dos2unix, unless configured otherwise.
  const executor = returning()
  await run(executor, { script: ['\uFEFFecho one\r', 'echo two\r\necho three', '', 'echo a\uFEFFb\rc'] })
  t.equal(executor.executed[0]!.script, 'echo one\necho two\necho three\n\necho a\uFEFFb\rc')
})

t.test('an omitted script is replaced by the default of the command, an empty one is not', async t => {
  // Recorded (azure-cli #32286).
  const executor = returning()
  await run(executor)
  await run(executor, { script: [] })
  t.equal(executor.executed[0]!.script, 'echo This is a sample script\necho Optional parameters: $0 $1')
  t.equal(executor.executed[1]!.script, '')
})

t.test('the executor receives all the details of the command', async t => {
  const executor = returning()
  const parameters = [{ name: 'a', value: '1' }, { name: 'b-c', value: '2' }, { name: '', value: '3' }]
  await run(executor, { script: ['echo'], parameters })
  t.strictSame(executor.executed[0], {
    vm: linuxVm,
    commandId: 'RunShellScript',
    parameters,
    script: 'echo',
    maxOutput: 4096,
    interpreter: 'sh',
    // Recorded (java_canRunScriptOnVM): the path of the script of a machine's first run.
    args: ['/var/lib/waagent/run-command/download/0/script.sh', '1', '2'],
    env: { a: '1' }
  })
  await run(executor, { document: powerShellScript, script: ['Get-Date'] })
  t.match(executor.executed[1], { interpreter: 'pwsh', commandId: 'RunPowerShellScript' })
  t.strictSame(executor.executed[1]!.env, {})
})

t.test("a script that could not be run fails the operation with the executor's error code", async t => {
  const executor: Executor = { execute: async () => { throw new ExecutionError('NoShell', 'There is no shell.') } }
  const error = await run(executor).catch((error: unknown) => error)
  t.type(error, OperationError)
  t.match(error, { code: 'NoShell', message: 'There is no shell.' })
})

t.test('the outcome contains what Azure shows of the execution, its exit code, and the length of its output', async t => {
  const execution: ExecutionResult = { exitCode: 3, stdout: 'x'.repeat(5000), stderr: 'err' }
  const agent = new Agent({ execute: async () => execution }, { log: silentLog })
  const outcome = await agent.run(linuxVm, { document: shellScript }, context)
  t.equal(outcome.exitCode, 3)
  t.same(outcome.output, { stdout: 'x'.repeat(4096), stderr: 'err', stdoutBytes: 5000, stderrBytes: 3 })
  t.equal(outcome.result.value[0]!.message, linuxText('x'.repeat(4096), 'err'))
})

t.test('the outcome is returned without a promise if the result is', async t => {
  const agent = new Agent({ execute: () => ({ exitCode: 0, stdout: 'out', stderr: '' }) }, { log: silentLog })
  const outcome = agent.run(linuxVm, { document: shellScript }, context)
  t.match(outcome, { result: { value: [{ message: linuxText('out', '') }] } })
  const failing = new Agent({ execute: () => { throw new ExecutionError('Code', 'text') } }, { log: silentLog })
  t.throws(() => failing.run(linuxVm, { document: shellScript }, context), new OperationError('Code', 'text'))
})

t.test('a frozen result has one outcome for each operating system, which operations share', async t => {
  const execution = Object.freeze({ exitCode: 0, stdout: 'out', stderr: 'err' })
  const agent = new Agent({ execute: () => execution }, { log: silentLog })
  const machines = [[linuxVm, shellScript], [windowsVm, powerShellScript], [linuxVm, shellScript]] as const
  const [first, other, again] = machines.map(([vm, document]) => agent.run(vm, { document }, context) as CommandOutcome)
  t.equal(first!.result, again!.result)
  matchList(t, first!.result.value, [{ message: linuxText('out', 'err') }])
  matchList(t, other!.result.value, [{ message: 'out' }, { message: 'err' }])
})

t.test('a result that is not frozen is read again each time', async t => {
  const execution = { exitCode: 0, stdout: '1', stderr: '' }
  const agent = new Agent({ execute: () => execution }, { log: silentLog })
  const outcome = () => agent.run(linuxVm, { document: shellScript }, context) as CommandOutcome
  const message = () => outcome().result.value[0]!.message
  t.equal(message(), linuxText('1', ''))
  execution.stdout = '2'
  t.equal(message(), linuxText('2', ''))
})

for (const osType of ['Linux', 'Windows'] as const) {
  t.test(`a ${osType} script that runs for 90 minutes times out`, async t => {
    // Documented (azure-docs, run-command.md) and recorded (azure-sdk-for-python #4369); Windows is inferred from it.
    t.equal(timeouts[osType].ms, 90 * 60 * 1000)
    const error = timeouts[osType].error()
    t.type(error, OperationError)
    t.match(error, {
      status: 'Failed',
      code: 'VMExtensionProvisioningTimeout',
      message: `Provisioning of VM extension 'RunCommand${osType}' has timed out. Extension installation may be ` +
        'taking too long, or extension status could not be obtained.'
    })
  })
}

t.test('closing the agent closes its executor, if the executor has a close method', async t => {
  let closed = 0
  await new Agent({ ...returning(), close: async () => { closed++ } }, { log: silentLog }).close()
  await new Agent(returning(), { log: silentLog }).close()
  t.equal(closed, 1)
})

t.test('an executor that fails to close is logged, and does not fail the agent', async t => {
  const closes = [() => { throw new Error('broken') }, () => Promise.reject(new Error('broken')), 5]
  for (const close of closes) {
    const errors: string[] = []
    const log = { ...silentLog, error: (message: string) => { errors.push(message) } }
    await new Agent({ ...returning(), close: close as never }, { log }).close()
    matchList(t, errors, [/^the executor's method 'close' failed: (?:broken|.* is not a function)$/])
  }
})

const mistakes: readonly (readonly [result: unknown, message: string])[] = [
  [undefined, "the executor's result must be an object, not undefined"],
  [null, "the executor's result must be an object, not null"],
  ['out', "the executor's result must be an object, not \"out\": its"],
  [Math.max, "the executor's result must be an object, not function max"],
  [{}, "the executor's 'exitCode' must be a whole number, not undefined"],
  [{ exitCode: '0', stdout: '', stderr: '' }, "the executor's 'exitCode' must be a whole number, not \"0\""],
  [{ exitCode: 0, stderr: '' }, "the executor's 'stdout' must be text, not undefined"],
  [{ exitCode: 0, stdout: Buffer.from('x'), stderr: '' }, "the executor's 'stdout' must be text, not {\"type\":\"Buffer\""],
  [{ exitCode: 0, stdout: '', stderr: 1n }, "the executor's 'stderr' must be text, not 1"],
  [{ exitCode: 0, stdout: '', stderr: '', stderrBytes: -1 }, "the executor's 'stderrBytes' must be a whole number of bytes, not -1"],
  [{ exitCode: ['x'.repeat(200)], stdout: '', stderr: '' }, `the executor's 'exitCode' must be a whole number, not ["${'x'.repeat(98)}...: its`],
  [Object.freeze({ exitCode: 0, stdout: '' }), "the executor's 'stderr' must be text, not undefined"],
  [{ exitCode: 0, stdout: '', stderr: '', statuses: {} }, "the executor's 'statuses' must be a list of objects whose level is " +
    'one of Info, Warning, Error and whose other members are text, not {}'],
  [{ exitCode: 0, stdout: '', stderr: '', statuses: [{ level: 'info' }] }, "the executor's 'statuses' must be a list of "],
  [{ exitCode: 0, stdout: '', stderr: '', statuses: [{ message: 1 }] }, "the executor's 'statuses' must be a list of "],
  [{ exitCode: 0, stdout: '', stderr: '', statuses: [null] }, "the executor's 'statuses' must be a list of "]
]

for (const [result, expected] of mistakes) {
  t.test(`a result of the wrong type fails the operation and is logged: ${expected}`, async t => {
    for (const returned of [() => result, async () => result]) {
      const errors: string[] = []
      const log = { ...silentLog, error: (message: string) => { errors.push(message) } }
      const agent = new Agent({ execute: returned as never }, { log })
      const error = await (async () => await agent.run(linuxVm, { document: shellScript }, context))()
        .catch((error: unknown) => error)
      t.type(error, OperationError)
      const { code, message } = error as OperationError
      t.equal(code, 'InternalExecutionError')
      t.ok(message.startsWith(expected), message)
      t.ok(message.endsWith("its method 'execute' must return { exitCode, stdout, stderr } or a promise of that"), message)
      t.same(errors, [message])
    }
  })
}

t.test('closing waits for the executor as long as the grace period lasts', async t => {
  const grace = holdTimers(t, 77)
  let [release, closed] = [() => {}, false]
  const close = () => new Promise<void>(resolve => { release = resolve })
  const warnings: string[] = []
  const log = { ...silentLog, warn: (message: string) => { warnings.push(message) } }
  const closing = new Agent({ ...returning(), close }, { log, gracePeriod: 77 }).close().then(() => { closed = true })
  await grace.set
  t.equal(closed, false)
  release()
  await closing
  t.same(warnings, [])
})

t.test('closing stops waiting for the executor after the grace period and logs a warning', async t => {
  const warnings: string[] = []
  const log = { ...silentLog, warn: (message: string) => { warnings.push(message) } }
  await new Agent({ ...returning(), close: () => new Promise(() => {}) }, { log, gracePeriod: 1 }).close()
  matchList(t, warnings, [/^the executor's method 'close' takes longer than 1 ms/])
})
