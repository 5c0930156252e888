import { existsSync } from 'node:fs'
import t from 'tap'
import { commandName, ExecutionError, type Execution } from '../../../src/executors/executor.js'
import { execution, left, run, shellExecutor } from '../../harness/execution.js'

const executor = shellExecutor(t)
const skip = !existsSync('/bin/bash') && 'there is no /bin/bash on this machine'
const PATH = '/var/lib/waagent/run-command-handler/download/cmd/0/script.sh'

async function runBash (script: string, values: readonly string[] = [], given: Partial<Execution> = {}) {
  return await run(executor, execution(script, { interpreter: 'bash', args: [PATH, ...values], ...given }))
}

t.test('runs a script with bash, and shows the path of the managed handler', { skip }, async t => {
  const { exitCode, stdout } = await runBash('[[ abc == a* ]] && echo "$0 c"; pwd; exit 4')
  t.equal(exitCode, 4)
  t.equal(stdout, `${PATH} c\n${PATH.replace('/script.sh', '')}\n`)
  // Recorded: azcli_vm__latest__test_vmss_run_command_v2.
  const { exitCode: missing, stderr } = await runBash('Write-Host x')
  t.equal(missing, 127)
  t.equal(stderr, `${PATH}: line 1: Write-Host: command not found\n`)
})

t.test('bash parses the values as words of its command line', { skip }, async t => {
  const show = 'printf "<%s>" "$@"'
  const printed = async (...values: string[]) => (await runBash(show, values, { env: { name: 'Ada L' } })).stdout
  t.equal(await printed('a', '', 'b c', "'d e'"), '<a><b><c><d e>')
  t.equal(await printed('$name', '"$name"', '$((1 + 2))'), '<Ada><L><Ada L><3>')
  t.equal(await printed('*.sh'), '<script.sh>')
  t.equal(await printed('a; echo b'), '<a>b\n')
  t.equal(await printed('#', 'comment'), '<>')
  t.match(await runBash(show, ["it's"]), { exitCode: 2, stdout: '', stderr: /unexpected EOF/ })
})

t.test('named parameters are variables and not arguments', { skip }, async t => {
  const env = { name: "it's $HOME", 'not-a-name': 'x' }
  t.equal((await runBash('echo "$name $#"; env | grep not-a', [], { env })).stdout, "it's $HOME 0\nnot-a-name=x\n")
})

t.test('does not show the script or its variables in the process list', { skip }, async t => {
  const { stdout } = await runBash('tr "\\0" " " < /proc/$$/cmdline; : hidden', [], { env: { password: 'secret' } })
  t.equal(stdout, `/bin/bash ${PATH} `)
})

t.test('honours the shebang line, even with values', { skip }, async t => {
  t.match(await runBash('#!/bin/sh\necho "$BASH_VERSION" "$0" "$@"', ['a b']), { stdout: `${` ${PATH}`} a b\n` })
  t.match(await runBash('#! /bin/bash -e\necho "$1"; false; echo no', ['a']), { exitCode: 1, stdout: 'a\n' })
  t.match(await runBash('#!/usr/bin/env no-such-program', ['a']), { exitCode: 127, stdout: '' })
  t.match(await runBash('#!/no/such/interpreter\necho never', ['a']),
    { exitCode: /12[67]/, stdout: '', stderr: /download\/cmd\/0\/script\.sh: / })
})

t.test('removes NUL, which neither a variable nor a word can hold', { skip }, async t => {
  t.strictSame(left(await runBash('echo "$1$a"\0', ['x\0y'], { env: { a: 'b\0c' } })), { exitCode: 0, stdout: 'xybc\n', stderr: '' })
})

t.test('fails if a variable is too long for the system, as in the handler', { skip }, async t => {
  await t.rejects(runBash('echo', [], { env: { a: 'x'.repeat(200_000) } }), { code: 'ScriptNotStarted', message: /: spawn E2BIG$/ })
})

t.test('reports what is missing if there is no bash', async t => {
  const { bashCommand } = await t.mockImport<typeof import('../../../src/executors/shell/bash.js')>('../../../src/executors/shell/bash.js',
    { '../../../src/executors/shell/programs.ts': { isProgram: () => false }, '../../../src/executors/executor.ts': { commandName, ExecutionError } })
  t.throws(() => bashCommand({ script: '', args: [PATH], commandId: 'RunShellScript', runCommandName: 'disks' }, '/tmp/script.sh'),
    { code: 'BashNotFound', message: /^managed run command 'disks' needs bash, and there is no \/bin\/bash: install bash/ })
})
