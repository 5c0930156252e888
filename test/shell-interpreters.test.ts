import { chmodSync, existsSync } from 'node:fs'
import t, { type Test } from 'tap'
import { ExecutionError } from '../src/executors/executor.js'
import { createShellExecutor } from '../src/executors/shell.js'
import { execution, never } from './execution.js'

const { execute } = createShellExecutor()
const noBash = !existsSync('/bin/bash') && 'there is no /bin/bash on this machine'

/** Linux takes no longer single argument (MAX_ARG_STRLEN, with its closing NUL). */
const LONGEST_ARGUMENT = 128 * 1024 - 1

async function run (script: string) {
  return await execute(execution(script), never())
}

t.test('a script without a first line that says otherwise is run by /bin/sh', async t => {
  const { stdout } = await run('echo "$0"; kill -l 9')
  t.equal(stdout, '/path/in/the/vm/script.sh\nKILL\n')
})

for (const line of ['#!/bin/bash', '#! /bin/bash ', '#!/usr/bin/env bash', '#!/bin/bash -', '#!/bin/bash --']) {
  t.test(`'${line}' is honoured, and $0 is still the path inside the machine`, { skip: noBash }, async t => {
    const { stdout } = await run(`${line}\nwords=(a b c); echo "\${#words[@]} $0"`)
    t.equal(stdout, '3 /path/in/the/vm/script.sh\n')
  })
}

t.test("an option of the first line is honoured, as in '#!/bin/sh -e'", async t => {
  t.match(await run('#!/bin/sh -e\necho one; false; echo two'), { exitCode: 1, stdout: 'one\n' })
  t.match(await run('#!/bin/sh -ex\necho one; false'), { exitCode: 1, stdout: 'one\n', stderr: /echo one\n.*false/ })
})

t.test("an option that would not go with '-c' is given as the kernel gives it", async t => {
  // `sh -s FILE` reads the script from stdin, which is empty.
  t.strictSame(await run('#!/bin/sh -s\necho never'), { exitCode: 0, stdout: '', stderr: '' })
})

const interpreters = {
  '/usr/bin/awk -f': 'BEGIN { print "hello" }',
  '/usr/bin/perl': 'print join("", qw(hel lo)), "\\n";',
  '/usr/bin/env python3': 'print("".join(["hel", "lo"]))'
}

for (const [interpreter, program] of Object.entries(interpreters)) {
  const file = interpreter.replace('env ', '').split(' ')[0]!
  t.test(`'#!${interpreter}' runs the script from a file`, { skip: !existsSync(file) && `there is no ${file}` }, async t => {
    t.strictSame(await run(`#!${interpreter}\n${program}`), { exitCode: 0, stdout: 'hello\n', stderr: '' })
  })
}

t.test('an interpreter that does not exist is a result, as in a shell', async t => {
  for (const interpreter of ['/no/such/interpreter', '/no/such/bash', '/usr/bin/env no-such-program']) {
    const { exitCode, stdout, stderr } = await run(`#!${interpreter}\necho never`)
    t.equal(exitCode, 127, interpreter)
    t.equal(stdout, '')
    t.not(stderr, '')
  }
})

t.test('parameters displace the first line', async t => {
  // Azure puts two lines before the script (koralski in azure-cli #10400), so that the kernel sees no interpreter.
  const { stdout } = await execute(
    execution('#!/no/such/interpreter\necho "$a $1"', { args: ['script.sh', 'one'], env: { a: 'one' } }), never())
  t.equal(stdout, 'one one\n')
})

t.test('a long first line does not hold up everything else', async t => {
  const before = performance.now()
  await run(`#!/bin/sh${' '.repeat(500_000)}x\necho`)
  t.ok(performance.now() - before < 5_000)
})

t.test("a script that begins with '-' is no option", async t => {
  t.match(await run('-c\necho after'), { exitCode: 0, stdout: 'after\n', stderr: /not found/ })
  t.match(await run('--version'), { exitCode: 127 })
})

for (const length of [LONGEST_ARGUMENT, LONGEST_ARGUMENT + 1, 200_000, 3_000_000]) {
  t.test(`a script of ${length} bytes is run whole`, async t => {
    const [first, last] = ['echo begin\n', '\necho end; exit 7']
    const filling = `: ${'x'.repeat(97)}\n`.repeat(length / 100 + 1).slice(0, length - first.length - last.length)
    const script = first + filling + last
    t.equal(script.length, length)
    t.strictSame(await run(script), { exitCode: 7, stdout: 'begin\nend\n', stderr: '' })
  })
}

t.test('a script above 128 KiB keeps its interpreter', { skip: noBash }, async t => {
  const { stdout } = await run(`#!/bin/bash -e\n${'#'.repeat(200_000)}\nwords=(a b); echo \${#words[@]}; false; echo no`)
  t.equal(stdout, '2\n')
})

t.test('a parameter above 128 KiB arrives', async t => {
  const value = "'".repeat(200_000)
  // Nothing but what the shell does itself: an exported variable of that size leaves no room for another program.
  const script = 'case $1 in "$big") echo same;; esac; printf %s "$1"'
  const { exitCode, stdout } = await execute(
    execution(script, { args: ['script.sh', value], env: { big: value }, maxOutput: 1_000_000 }), never())
  t.equal(exitCode, 0)
  t.equal(stdout, `same\n${value}`)
})

t.test('a NUL, which no shell can hold, is left out', async t => {
  t.equal((await run('echo a\0b')).stdout, 'ab\n')
  const { stdout } = await execute(
    execution('echo "$1 $a"', { args: ['script.sh', 'c\0d'], env: { a: '\0e' } }), never())
  t.equal(stdout, 'cd e\n')
})

/** Sets the PATH of this process until the test ends. */
function setPath (t: Test, path: string): void {
  const before = process.env['PATH']
  process.env['PATH'] = path
  t.teardown(() => { process.env['PATH'] = before })
}

const powerShell = {
  interpreter: 'pwsh',
  commandId: 'RunPowerShellScript',
  args: ['C:\\script0.ps1', '-arg1:', "it's", '-arg2:', '']
} as const

t.test('without PowerShell the run fails and says what is missing', async t => {
  setPath(t, t.testdir())
  const error = await execute(execution('Get-Date', powerShell), never()).catch((error: unknown) => error)
  t.type(error, ExecutionError)
  t.match(error, { code: 'PowerShellNotFound', message: /^RunPowerShellScript needs PowerShell, and 'pwsh' is not on the PATH/ })
})

t.test('PowerShell gets the script as a file and the parameters as arguments', async t => {
  // A stand-in for PowerShell: it prints its arguments and the file it is to run. It shows how it is called, no more.
  const directory = t.testdir({
    pwsh: '#!/bin/sh\nprintf \'<%s>\\n\' "$@"\ncat "$5"; echo "$HOME $POWERSHELL_TELEMETRY_OPTOUT"; pwd\nexit 4\n'
  })
  chmodSync(`${directory}/pwsh`, 0o755)
  setPath(t, `/no/such/directory::${directory}`)
  const { exitCode, stdout } = await execute(execution('Write-Host é\n', powerShell), never())
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
