import fc from 'fast-check'
import t from 'tap'
import type { ScriptParameter } from '../../src/executors/executor.js'
import { invocation } from '../../src/guest/linux.js'
import { managedInvocation } from '../../src/guest/managed-script.js'
import * as windows from '../../src/guest/windows.js'
import { execution, run, shellExecutor } from '../harness/execution.js'

/** How often a property starts a shell. Each run has many values. */
const RUNS = 20
const executor = shellExecutor(t)

/** Any text that a shell can hold: no NUL. Characters that shells interpret are more frequent than by chance. */
const value = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(..."'\"$\\\n`* -!#~é\r\ta") }),
  fc.constantFrom('', '-n', '--', '-e', '$HOME', '$(id)', '`id`', "'", "'\\''", 'ends\n', '\n\n', '*', '~', '!!', '%s')
).map(text => text.replaceAll('\0', ''))

/** The prefix avoids variables that a shell itself uses, such as IFS and PATH. */
const identifier = fc.stringMatching(/^[A-Za-z0-9_]{0,12}$/).map(text => `p_${text}`)
const notIdentifier = fc.constantFrom('1st', 'a-b', 'a b', 'a=b', 'é', '$a', 'a.b', ';id', 'a\n', '-x')

/** Runs a script with parameters, as the agent of a Linux machine does; returns what it prints, split at NUL. */
async function runWith (script: string, parameters: readonly ScriptParameter[]): Promise<string[]> {
  const { stdout, stderr, exitCode } = await run(
    executor, execution(script, { ...invocation(parameters), parameters, maxOutput: 1_000_000 }))
  if (exitCode !== 0 || stderr !== '') throw new Error(`${exitCode} ${stderr}`)
  return stdout.split('\0').slice(0, -1)
}

const printPositional = 'for each; do printf \'%s\\0\' "$each"; done'

t.test('every value arrives unchanged as an argument, in the order of the request', async t => {
  const parameter = fc.record({ name: fc.oneof(identifier, notIdentifier), value })
  const parameters = fc.array(parameter, { minLength: 1, maxLength: 40, size: 'max' })
  await t.resolves(fc.assert(fc.asyncProperty(parameters, async sent => {
    t.strictSame(await runWith(printPositional, sent), sent.map(({ value }) => value))
  }), { numRuns: RUNS }))
})

t.test('every value arrives unchanged as an exported variable', async t => {
  const parameter = fc.record({ name: identifier, value })
  const parameters = fc.uniqueArray(parameter, { selector: ({ name }) => name, minLength: 1, maxLength: 20, size: 'max' })
  await t.resolves(fc.assert(fc.asyncProperty(parameters, async sent => {
    // Another shell prints them: it sees what is exported and nothing else.
    const script = `sh -c 'printf "%s\\0" ${sent.map(({ name }) => `"$${name}"`).join(' ')}'`
    t.strictSame(await runWith(script, sent), sent.map(({ value }) => value))
  }), { numRuns: RUNS }))
})

t.test('a parameter is both a variable and an argument', async t => {
  // Recorded (azure-cli #7505): `echo "$@"` prints `bar red car` for these, and `env` shows them.
  const parameters = [{ name: 'foo', value: 'bar' }, { name: 'color', value: 'red' }, { name: 'thing', value: 'car' }]
  const [all, environment] = await runWith('printf \'%s\\0\' "$*"; env | grep -E "^(foo|color|thing)=" | sort; printf "\\0"', parameters)
  t.equal(all, 'bar red car')
  t.equal(environment, 'color=red\nfoo=bar\nthing=car\n')
})

t.test('a parameter whose name no shell accepts is only an argument', async t => {
  await t.resolves(fc.assert(fc.asyncProperty(notIdentifier, value, async (name, value) => {
    const parameters = [{ name, value }]
    t.strictSame(await runWith(printPositional, parameters), [value])
    t.strictSame(invocation(parameters).env, {})
  }), { numRuns: RUNS }))
})

t.test('a parameter that is sent twice is two arguments and a variable with the last value', async t => {
  const parameters = [{ name: 'a', value: '1' }, { name: 'b', value: '2' }, { name: 'a', value: '3' }]
  t.strictSame(await runWith(`${printPositional}; printf '%s\\0' "$a"`, parameters), ['1', '2', '3', '3'])
})

t.test('a parameter without a name is dropped', async t => {
  // Seen with an old az that sent none (azure-cli #9923).
  const parameters = [{ name: '', value: 'lost' }, { name: 'a', value: '1' }]
  t.strictSame(await runWith(printPositional, parameters), ['1'])
})

t.test('names that are special in JavaScript are ordinary names', async t => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']
  const parameters = names.map(name => ({ name, value: `<${name}>` }))
  const script = names.map(name => `printf '%s\\0' "$${name}"`).join('\n')
  t.strictSame(await runWith(script, parameters), names.map(name => `<${name}>`))
})

t.test('without parameters there are no arguments', async t => {
  t.strictSame(await runWith(`printf '%s\\0' $#; ${printPositional}`, []), ['0'])
})

t.test('on Windows the parameters of a managed run command are bound by name or, without one, by position', async t => {
  const parameters = [{ name: '', value: '1' }, { name: 'b', value: '-x' }, { name: '', value: '' }]
  const script = { osType: 'Windows', name: 'cmd', sequence: 2, commandId: 'RunPowerShellScript', timeoutInSeconds: 0 } as const
  t.strictSame(managedInvocation({ ...script, parameters }), {
    interpreter: 'pwsh',
    args: ['C:\\Packages\\Plugins\\Microsoft.CPlat.Core.RunCommandHandlerWindows\\Downloads\\script_cmd_2.ps1', '1', '-b:', '-x', ''],
    env: {}
  })
})

t.test('on Windows parameters are bound by name, in the order of the request', async t => {
  // PowerShell takes the argument after `-name:` as its value, whatever it looks like (documented: about_Parameters).
  t.strictSame(windows.invocation([{ name: 'b', value: '-x' }, { name: '', value: 'lost' }, { name: 'a', value: '' }]), {
    interpreter: 'pwsh',
    args: ['C:\\Packages\\Plugins\\Microsoft.CPlat.Core.RunCommandWindows\\script0.ps1', '-b:', '-x', '-a:', ''],
    env: {}
  })
})
