import { chmodSync, existsSync } from 'node:fs'
import t from 'tap'
import { ExecutionError, type Execution } from '../../../src/executors/executor.js'
import { shellCommand } from '../../../src/executors/shell/sh.js'
import { execution, left, run, shellExecutor } from '../../harness/execution.js'
import { setVariable } from '../../harness/variables.js'

const executor = shellExecutor(t)
const execute = async (given: Execution, signal?: AbortSignal) => await run(executor, given, signal)
const noBash = !existsSync('/bin/bash') && 'there is no /bin/bash on this machine'

async function runScript (script: string) {
  return await execute(execution(script))
}

t.test('runs a script without a shebang line with /bin/sh', async t => {
  const { stdout } = await runScript('echo "$0"; kill -l 9')
  t.equal(stdout, '/path/in/the/vm/script.sh\nKILL\n')
})

for (const line of ['#!/bin/bash', '#! /bin/bash ', '#!/usr/bin/env bash', '#!/bin/bash -', '#!/bin/bash --']) {
  t.test(`honours '${line}' and keeps the path inside the machine as $0`, { skip: noBash }, async t => {
    const { stdout } = await runScript(`${line}\nwords=(a b c); echo "\${#words[@]} $0"`)
    t.equal(stdout, '3 /path/in/the/vm/script.sh\n')
  })
}

t.test("honours an option in the shebang line, such as '#!/bin/sh -e'", async t => {
  t.match(await runScript('#!/bin/sh -e\necho one; false; echo two'), { exitCode: 1, stdout: 'one\n' })
  t.match(await runScript('#!/bin/sh -ex\necho one; false'), { exitCode: 1, stdout: 'one\n', stderr: /echo one\n.*false/ })
})

t.test('passes an option as the kernel does', async t => {
  // `sh -s FILE` reads the script from stdin, which is empty.
  t.strictSame(left(await runScript('#!/bin/sh -s\necho never')), { exitCode: 0, stdout: '', stderr: '' })
})

const interpreters = {
  '/usr/bin/awk -f': 'BEGIN { print "hello" }',
  '/usr/bin/perl': 'print join("", qw(hel lo)), "\\n";',
  '/usr/bin/env python3': 'print("".join(["hel", "lo"]))'
}

for (const [interpreter, program] of Object.entries(interpreters)) {
  const file = interpreter.replace('env ', '').split(' ')[0]!
  t.test(`'#!${interpreter}' runs the script from a file`, { skip: !existsSync(file) && `there is no ${file}` }, async t => {
    t.strictSame(left(await runScript(`#!${interpreter}\n${program}`)), { exitCode: 0, stdout: 'hello\n', stderr: '' })
  })
}

t.test('returns exit code 127 for an interpreter that does not exist, as a shell does', async t => {
  // Azure's agent runs `sh -c FILE` (run-command-extension-linux): dash says `/bin/sh: 1: FILE: not found`.
  for (const interpreter of ['/no/such/interpreter', '/no/such/bash', '/usr/bin/env no-such-program']) {
    const { exitCode, stdout, stderr } = await runScript(`#!${interpreter}\necho never`)
    t.equal(exitCode, 127, interpreter)
    t.equal(stdout, '')
    t.not(stderr, '')
    t.notMatch(stderr, 'azrun')
  }
  t.match((await runScript('#!/no/such/interpreter')).stderr, '/path/in/the/vm/script.sh')
})

t.test('handles a shebang line that the kernel refuses as the shell does', async t => {
  t.match(await runScript('#!sh\necho never'), { exitCode: 127, stdout: '' })
  t.match(await runScript('#!\necho none'), { exitCode: 0, stdout: 'none\n' })
  t.match(await runScript('#!/etc\necho never'), { exitCode: 126, stdout: '' })
})

t.test('ignores the shebang line if there are parameters', async t => {
  // Azure puts two lines before the script (koralski in azure-cli #10400), so that the kernel sees no interpreter.
  const { stdout } = await execute(
    execution('#!/no/such/interpreter\necho "$a $1"', { args: ['script.sh', 'one'], env: { a: 'one' } }))
  t.equal(stdout, 'one one\n')
})

t.test('handles a long shebang line in linear time', async t => {
  // In quadratic time this would exceed any timeout of the test.
  t.match(await runScript(`#!/bin/sh${' '.repeat(2_000_000)}x\necho`), { stdout: '\n' })
})

t.test("does not treat a script that begins with '-' as an option", async t => {
  t.match(await runScript('-c\necho after'), { exitCode: 0, stdout: 'after\n', stderr: /not found/ })
  t.match(await runScript('--version'), { exitCode: 127 })
})

for (const length of [100, 3_000_000]) {
  t.test(`runs a script of ${length} bytes completely`, async t => {
    const [first, last] = ['echo begin\n', '\necho end; exit 7']
    const filling = `: ${'x'.repeat(97)}\n`.repeat(length / 100 + 1).slice(0, length - first.length - last.length)
    const script = first + filling + last
    t.equal(script.length, length)
    t.strictSame(left(await runScript(script)), { exitCode: 7, stdout: 'begin\nend\n', stderr: '' })
  })
}

t.test('honours the shebang line of a script above 128 KiB', { skip: noBash }, async t => {
  const { stdout } = await runScript(`#!/bin/bash -e\n${'#'.repeat(200_000)}\nwords=(a b); echo \${#words[@]}; false; echo no`)
  t.equal(stdout, '2\n')
})

t.test('passes a parameter above 128 KiB', async t => {
  const value = "'".repeat(200_000)
  // Only shell builtins: an exported variable of that size leaves no room for another program.
  const script = 'case $1 in "$big") echo same;; esac; printf %s "$1"'
  const { exitCode, stdout } = await execute(
    execution(script, { args: ['script.sh', value], env: { big: value }, maxOutput: 1_000_000 }))
  t.equal(exitCode, 0)
  t.equal(stdout, `same\n${value}`)
})

t.test('removes NUL, which no shell can hold', async t => {
  t.equal((await runScript('echo a\0b')).stdout, 'ab\n')
  const { stdout } = await execute(
    execution('echo "$1 $a"', { args: ['script.sh', 'c\0d'], env: { a: '\0e' } }))
  t.equal(stdout, 'cd e\n')
  const { content } = shellCommand({ script: 'a\0b', args: ['script.sh', 'c\0d'], env: { a: '\0e' } }, '/script.sh')
  t.notOk(content.includes('\0'), 'bash as sh would warn of it')
})

const powerShell = {
  interpreter: 'pwsh',
  commandId: 'RunPowerShellScript',
  args: ['C:\\script0.ps1', '-arg1:', "it's", '-arg2:', '']
} as const

t.test('fails and reports what is missing if PowerShell is not installed', async t => {
  setVariable(t, 'PATH', t.testdir())
  const error = await execute(execution('Get-Date', powerShell)).catch((error: unknown) => error)
  t.type(error, ExecutionError)
  t.match(error, { code: 'PowerShellNotFound', message: /^RunPowerShellScript needs PowerShell, and 'pwsh' is not on the PATH/ })
})

t.test('passes the script to PowerShell as a file, and the parameters as arguments', async t => {
  // A stand-in for PowerShell, which prints its arguments and the file to run. It shows only how it is called.
  const directory = t.testdir({
    pwsh: '#!/bin/sh\nprintf \'<%s>\\n\' "$@"\ncat "$5"; echo "$HOME $POWERSHELL_TELEMETRY_OPTOUT"; pwd\nexit 4\n'
  })
  chmodSync(`${directory}/pwsh`, 0o755)
  setVariable(t, 'PATH', `/no/such/directory::${directory}`)
  const { exitCode, stdout } = await execute(execution('Write-Host é\n', powerShell))
  t.equal(exitCode, 4)
  const lines = stdout.split('\n')
  const cwd = lines.at(-2)!
  t.same(lines.slice(0, -2), [
    '<-NoLogo>', '<-NoProfile>', '<-NonInteractive>', '<-File>', `<${cwd}/script.ps1>`,
    '<-arg1:>', "<it's>", '<-arg2:>', '<>',
    'Write-Host é', `${cwd} 1`
  ])
  t.notOk(existsSync(cwd))
})
