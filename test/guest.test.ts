import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { VirtualClock, type Clock } from '../src/core/clock.js'
import { OperationError } from '../src/core/operation.js'
import { ExecutionError, type Execution, type ExecutionResult, type Executor } from '../src/executors/executor.js'
import { Agent, type RunCommand } from '../src/guest/agent.js'
import { RunCommandDocuments } from '../src/guest/documents.js'
import type { RunCommandResult } from '../src/guest/result.js'
import { execution } from './execution.js'

const documents = new RunCommandDocuments()
const shellScript = documents.find('RunShellScript')!
const powerShellScript = documents.find('RunPowerShellScript')!
const { vm: linuxVm } = execution('')
const windowsVm = { ...linuxVm, osType: 'Windows' } as const

/** The text of a Linux result is in one message, both streams in it. */
function linuxText (stdout: string, stderr: string): string {
  return `Enable succeeded: \n[stdout]\n${stdout}\n[stderr]\n${stderr}`
}

/** An executor that notes what it is given. */
function answering (result: Partial<ExecutionResult> = {}): Executor & { readonly executed: Execution[] } {
  const executed: Execution[] = []
  return {
    executed,
    async execute (execution) {
      executed.push(execution)
      return { exitCode: 0, stdout: '', stderr: '', ...result }
    }
  }
}

async function run (executor: Executor, command: Partial<RunCommand> = {}, clock: Clock = new VirtualClock()) {
  const document = command.document ?? shellScript
  const vm = document.osType === 'Linux' ? linuxVm : windowsVm
  const text = await new Agent({ executor, clock }).run(vm, { document, ...command }, new AbortController())
  return (JSON.parse(text) as RunCommandResult).value
}

async function messages (result: Partial<ExecutionResult>, command: Partial<RunCommand> = {}): Promise<string[]> {
  return (await run(answering(result), command)).map(({ message }) => message)
}

t.test('a Linux result is one status with both streams', async t => {
  // Recorded (java_canRunScriptOnVM): the result of `echo $0 $1` with arg1=hello.
  const stdout = '/var/lib/waagent/run-command/download/0/script.sh hello\n'
  const text = '{"value":[{"code":"ProvisioningState/succeeded","level":"Info",' +
    '"displayStatus":"Provisioning succeeded","message":"Enable succeeded: \\n[stdout]\\n' +
    '/var/lib/waagent/run-command/download/0/script.sh hello\\n\\n[stderr]\\n"}]}'
  t.equal(JSON.stringify({ value: await run(answering({ stdout })) }), text)
  t.equal(text.length, 218)
})

t.test('a Linux script that fails has a result like any other', async t => {
  // Recorded (azure-cli #14425, `exit 123`): no exit code anywhere.
  const [status, ...rest] = await run(answering({ exitCode: 123, stderr: 'no\n' }))
  t.same(rest, [])
  t.strictSame(status, {
    code: 'ProvisioningState/succeeded',
    level: 'Info',
    displayStatus: 'Provisioning succeeded',
    message: linuxText('', 'no\n')
  })
})

t.test('a Windows result is a status for each stream, without the last newline', async t => {
  // Recorded (azcli_sqlvm, ps_TestVirtualMachineSetRunCommand_polls; wire.md 2.4).
  const stdout = 'This is a sample script with parameters var1 var2\r\nSecond line with escaped characters\r\n'
  const text = '{"value":[{"code":"ComponentStatus/StdOut/succeeded","level":"Info",' +
    '"displayStatus":"Provisioning succeeded",' +
    '"message":"This is a sample script with parameters var1 var2\\nSecond line with escaped characters"},' +
    '{"code":"ComponentStatus/StdErr/succeeded","level":"Info","displayStatus":"Provisioning succeeded","message":""}]}'
  t.equal(JSON.stringify({ value: await run(answering({ stdout }), { document: powerShellScript }) }), text)
})

t.test('a Windows script that fails has a result like any other', async t => {
  // Recorded (docs-cli #4542, 2024): succeeded, the text in StdErr.
  const [stdout, stderr] = await run(answering({ exitCode: 1, stderr: 'no\n' }), { document: powerShellScript })
  t.match(stdout, { code: 'ComponentStatus/StdOut/succeeded', message: '' })
  t.match(stderr, { code: 'ComponentStatus/StdErr/succeeded', level: 'Info', message: 'no' })
})

const recording = new URL('../../shared/recordings/azcli_vm__latest__test_vm_run_command_e2e.json', import.meta.url)
const noRecording = !existsSync(recording) && 'the recordings are not beside this checkout'

t.test('each stream is cut to its last 4096 bytes, as recorded', { skip: noRecording }, async t => {
  const { exchanges } = JSON.parse(readFileSync(recording, 'utf8')) as { exchanges: { response: { body: string } }[] }
  const body = exchanges.map(({ response }) => response.body).findLast(body => body?.startsWith('{"value":[{"code"'))!
  const { message } = (JSON.parse(body) as { value: [{ message: string }] }).value[0]
  const [, stdout, stderr] = /\[stdout\]\n(.*)\n\[stderr\]\n(.*)$/s.exec(message) as unknown as [string, string, string]
  t.equal(Buffer.byteLength(stdout), 4096)
  t.same(await messages({ stdout: `more output\n${stdout}`, stderr }), [message])
})

t.test('what is shown of a stream is its end, at most 4096 bytes, beginning with a whole character', async t => {
  const character = fc.constantFrom('a', 'é', '€', '😀', '\n', '\uFFFD')
  const text = fc.tuple(fc.string({ unit: character, maxLength: 8 }), fc.nat({ max: 3000 }), character)
    .map(([head, count, filling]) => head + filling.repeat(count) + head)
  await t.resolves(fc.assert(fc.asyncProperty(text, text, async (stdout, stderr) => {
    const [message] = await messages({ stdout, stderr })
    const [shownOut, shownErr] = message!.slice('Enable succeeded: \n[stdout]\n'.length).split('\n[stderr]\n')
    for (const [whole, shown] of [[stdout, shownOut], [stderr, shownErr]] as [string, string][]) {
      const bytes = Buffer.byteLength(shown)
      t.ok(whole.endsWith(shown))
      t.ok(bytes <= 4096)
      t.notMatch(shown, /^[\uDC00-\uDFFF]/)
      // No more is left out than the rest of one character.
      t.ok(shown === whole || bytes > 4096 - 4)
    }
  }), { numRuns: 100 }))
})

t.test('a stream of 4096 bytes is whole, one of 4097 is not', async t => {
  t.same(await messages({ stdout: 'x'.repeat(4096) }), [linuxText('x'.repeat(4096), '')])
  t.same(await messages({ stderr: `y${'x'.repeat(4096)}` }), [linuxText('', 'x'.repeat(4096))])
})

t.test('the script is its lines, without carriage returns and byte order mark', async t => {
  // Documented by the handler's source (run-command-extension-linux): dos2unix, unless told otherwise.
  const executor = answering()
  await run(executor, { script: ['\uFEFFecho one\r', 'echo two\r\necho three', '', 'echo a\uFEFFb\rc'] })
  t.equal(executor.executed[0]!.script, 'echo one\necho two\necho three\n\necho a\uFEFFb\rc')
})

t.test('an omitted script is the default one of the command, an empty one is empty', async t => {
  // Recorded (azure-cli #32286).
  const executor = answering()
  await run(executor)
  await run(executor, { script: [] })
  t.equal(executor.executed[0]!.script, 'echo This is a sample script\necho Optional parameters: $0 $1')
  t.equal(executor.executed[1]!.script, '')
})

t.test('the executor is told all that there is to know', async t => {
  const executor = answering()
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
  t.match(executor.executed[1], { interpreter: 'pwsh', commandId: 'RunPowerShellScript', env: {} })
})

t.test('a script that could not be run fails the operation with the code that the executor gives', async t => {
  const executor: Executor = { execute: async () => { throw new ExecutionError('NoShell', 'There is no shell.') } }
  const error = await run(executor).catch((error: unknown) => error)
  t.type(error, OperationError)
  t.match(error, { code: 'NoShell', message: 'There is no shell.' })
})

t.test('what the executor knows is answered without running anything', async t => {
  const unasked = { ...answering(), answer: () => undefined }
  const silent = new Agent({ executor: unasked, clock: new VirtualClock() })
  t.equal(silent.answer(linuxVm, { document: shellScript }), undefined)
  const unable = new Agent({ executor: answering(), clock: new VirtualClock() })
  t.equal(unable.answer(linuxVm, { document: shellScript }), undefined)
  const known: ExecutionResult = { exitCode: 0, stdout: 'out', stderr: 'err' }
  const executor = { ...answering(known), answer: () => known }
  const agent = new Agent({ executor, clock: new VirtualClock() })
  const machines = [[linuxVm, shellScript], [windowsVm, powerShellScript], [linuxVm, shellScript]] as const
  for (const [vm, document] of machines) {
    const text = agent.answer(vm, { document })
    t.same(executor.executed, [])
    t.equal(text, await agent.run(vm, { document }, new AbortController()))
    executor.executed.length = 0
  }
})

t.test('what the executor knows to fail fails as if it had been run', async t => {
  const fail = () => { throw new ExecutionError('Code', 'text') }
  const agent = new Agent({ executor: { execute: async () => fail(), answer: fail }, clock: new VirtualClock() })
  const expected = new OperationError('Code', 'text')
  await t.rejects(agent.run(linuxVm, { document: shellScript }, new AbortController()), expected)
  t.throws(() => agent.answer(linuxVm, { document: shellScript }), expected)
})

t.test('the executor is closed with the agent, if it can be', async t => {
  let closed = 0
  await new Agent({ executor: { ...answering(), close: async () => { closed++ } }, clock: new VirtualClock() }).close()
  await new Agent({ executor: answering(), clock: new VirtualClock() }).close()
  t.equal(closed, 1)
})
