import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { UsageError, type Emulator, type Scenario } from '../../src/index.js'
import { setupFromArgv } from '../harness/config.js'
import { build, start } from '../harness/emulator.js'
import { matchList } from '../harness/match-list.js'
import { whole } from '../harness/whole.js'

const slow = (name: string): Scenario => ({ name, do: [{ delay: { ms: 1 } }] })
const file = (scenario: unknown, rest: object = {}) => JSON.stringify({ scenario, ...rest })

/** The names of the scenarios that `azrun serve` starts with. */
async function namesWith (argv: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string[]> {
  return (await setupFromArgv(argv, env)).scenarios.map(({ name }) => name)
}

async function problemsWith (argv: readonly string[], dir = ''): Promise<string[]> {
  const error = await setupFromArgv(argv, {}).then(() => undefined, (error: unknown) => error)
  if (!(error instanceof UsageError)) throw error ?? new Error('nothing is wrong')
  return error.problems.map(line => line.replaceAll(dir, 'DIR'))
}

t.test('reads a file, or the files of a directory in the order of their names', async t => {
  const dir = t.testdir({
    'b.json': file(slow('second')),
    'a.jsonc': `// Why.\n${file(slow('first'), { $schema: 'x', description: 'It is slow.', client: 'Waits.', source: 'https://x' })}`,
    'c.txt': file(slow('third'))
  })
  t.strictSame(await namesWith(['--scenarios', dir]), ['first', 'second'])
  t.strictSame(await namesWith([], { AZRUN_SCENARIOS: join(dir, 'c.txt') }), ['third'])
})

t.test('a config file has a path relative to it, or a list of scenarios', async t => {
  const dir = t.testdir({
    'path.json': '{ "scenarios": "mine" }',
    'list.json': JSON.stringify({ scenarios: [slow('one'), slow('two')] }),
    mine: { 'a.json': file(slow('first')) }
  })
  t.strictSame(await namesWith(['--config', join(dir, 'path.json')]), ['first'])
  t.strictSame(await namesWith(['--config', join(dir, 'list.json')]), ['one', 'two'])
  t.strictSame(await namesWith(['--config', join(dir, 'list.json'), '--scenarios', join(dir, 'mine')]), ['first'])
})

t.test('a program passes a path or a list, whose scenarios are active from the start in their order', async t => {
  const dir = t.testdir({ 'a.json': file(slow('first')) })
  for (const [scenarios, names] of [[dir, ['first']], [[slow('b'), slow('a')], ['b', 'a']]] as const) {
    const emulator = await build(t, { scenarios })
    t.strictSame(emulator.scenarios.list().map(({ name }) => name), names)
  }
  const error = await build(t, { scenarios: [slow('a'), { name: 'b', do: [{ delay: { ms: -1 } }] }] }).catch((error: unknown) => error) as UsageError
  t.strictSame(error.problems, ["option 'scenarios[1].do[0].delay.ms' must be a whole number from 0 to 2147483647, not -1"])
  await t.rejects(build(t, { scenarios: 1 as never }),
    { message: "option 'scenarios' must be the path of a scenario file or of a directory of them, or a list of scenarios, not 1" })
})

const WRONG: Readonly<Record<string, readonly [scenario: unknown, line: string]>> = {
  'no effect': [{ name: 'x', do: [] }, "1:30: 'scenario.do' must not be empty"],
  'an unknown effect': [{ name: 'x', do: [{ dellay: 1 }] }, "1:32: 'scenario.do[0].dellay' is not a known property; did you mean 'delay'?"],
  'an unknown operation': [{ name: 'x', match: { operation: 'VirtualMachine_RunCommand' }, do: [{ delay: { ms: 1 } }] },
    "1:46: 'scenario.match.operation' is not an operation that azrun serves: 'VirtualMachine_RunCommand'; did you mean 'VirtualMachines_RunCommand'?"],
  'calls in the wrong order': [{ name: 'x', calls: '3-2', do: [{ delay: { ms: 1 } }] }, "1:33: 'scenario.calls' must not end before it begins, as '3-2' does"],
  'two effects of the same kind': [{ name: 'x', do: [{ delay: { ms: 1 } }, { delay: { ms: 2 } }] },
    "1:51: 'scenario.do[1].delay' is a second effect of the same kind, and a scenario can have only one: remove one of the two"],
  'an unknown entry of an error': [{ name: 'x', do: [{ error: [{ code: 'Conflict' }, { code: 'Conflict', entry: 'RunCommandInProgres' }] }] },
    "1:88: 'scenario.do[0].error[1].entry' is not an entry of the error tables: 'RunCommandInProgres'; did you mean 'RunCommandInProgress'?"],
  'an unknown entry for a poll': [{ name: 'x', do: [{ poll: { error: { code: 'NotFound', entry: 'Nothing' } } }] },
    "1:75: 'scenario.do[0].poll.error.entry' is not an entry of the error tables: 'Nothing'"],
  'an error without a code': [{ name: 'x', do: [{ error: { status: 500 } }] }, "1:40: 'scenario.do[0].error' must have 'code'"],
  'an unknown member of an error': [{ name: 'x', do: [{ error: [{ code: 'A' }, { code: 'B', staus: 500 }] }] },
    "1:66: 'scenario.do[0].error[1].staus' is not a known property; did you mean 'status'?"],
  'an error that is text': [{ name: 'x', do: [{ error: 'Conflict' }] },
    "1:40: 'scenario.do[0].error' must be an object with a code, or a list of such objects, not \"Conflict\""],
  'a header with a line break': [{ name: 'x', do: [{ answer: { headers: { a: '1\r\nb: 2' } } }] },
    "1:57: 'scenario.do[0].answer.headers.a' must have no line breaks and only characters of Latin-1"],
  'an invalid header name': [{ name: 'x', do: [{ answer: { headers: { 'a b': '1' } } }] },
    "1:53: 'scenario.do[0].answer.headers[\"a b\"]' is not a name that HTTP allows for a header"],
  'a framing header of an error': [{ name: 'x', do: [{ error: { code: 'A', headers: { 'Content-Length': '1' } } }] },
    "1:63: 'scenario.do[0].error.headers.Content-Length' is a header that azrun sets itself: remove it, or use the effect 'answer'"]
}

for (const [name, [scenario, line]] of Object.entries(WRONG)) {
  t.test(`reports ${name} with its position`, async t => {
    const dir = t.testdir({ 'a.json': file(scenario) })
    t.strictSame(await problemsWith(['--scenarios', join(dir, 'a.json')], dir), [`DIR/a.json:${line}`])
  })
}

t.test('reports the position of a mistake in the list of a config file', async t => {
  const dir = t.testdir({ 'azrun.json': '{ "scenarios": [\n  { "name": "a", "do": [{ "delay": { "ms": 1 } }] },\n  { "name": "a", "do": [{ "delay": {} }] }, 1, null] }' })
  t.strictSame(await problemsWith(['--config', join(dir, 'azrun.json')], dir), [
    "DIR/azrun.json:3:13: 'scenarios[1].name' is 'a', the same as the name of number 1 in the list: rename one of the two",
    "DIR/azrun.json:3:36: 'scenarios[1].do[0].delay' must have 'ms'",
    "DIR/azrun.json:3:45: 'scenarios[2]' must be an object, not 1",
    "DIR/azrun.json:3:48: 'scenarios[3]' must be an object, not null"
  ])
})

t.test('reports unusable files, and names that two files share', async t => {
  const dir = t.testdir({
    'a.json': file(slow('one')),
    'b.json': file(slow('one')),
    empty: {},
    broken: { 'c.json': '{' },
    other: { 'd.json': JSON.stringify(slow('x')) },
    without: { 'e.json': '{}' }
  })
  t.strictSame(await problemsWith(['--scenarios', dir], dir), ["DIR/b.json: the scenario 'one' is in DIR/a.json, too: rename one of the two"])
  t.strictSame(await problemsWith(['--scenarios', join(dir, 'empty')], dir), ['--scenarios DIR/empty has no scenario file, *.json or *.jsonc: add one'])
  matchList(t, await problemsWith(['--scenarios', join(dir, 'none')], dir), ['--scenarios DIR/none does not exist: check the path'])
  matchList(t, await problemsWith(['--scenarios', join(dir, 'broken')], dir), [/^DIR\/broken\/c\.json:1:2: /])
  t.strictSame(await problemsWith(['--scenarios', join(dir, 'other')], dir),
    ['DIR/other/d.json:1:1: the file must have the scenario in a member \'scenario\': {"scenario": {"name": …, "do": …}}'])
  t.strictSame(await problemsWith(['--scenarios', join(dir, 'without')], dir), ["DIR/without/e.json:1:1: the file must have 'scenario'"])
})

t.test('reads changed files again', async t => {
  const { emulator, dir } = await watching(t, { 'a.json': file(slow('first')) })
  writeFileSync(join(dir, 'b.json'), file(slow('second')))
  await changed(emulator, ['first', 'second'])
  writeFileSync(join(dir, 'a.json'), file(slow('other')))
  await changed(emulator, ['other', 'second'])
})

async function watching (t: Test, files: Record<string, string>) {
  const root = t.testdir({ scenarios: files, data: {} })
  const dir = join(root, 'scenarios')
  return { dir, emulator: await start(t, { watch: true, scenarios: dir, dataDir: join(root, 'data') }) }
}

/** Resolves once the emulator has these scenarios. */
async function changed (emulator: Emulator, names: readonly string[]): Promise<void> {
  const { scenarios } = whole(emulator)
  const hasChanged = () => scenarios.list().map(({ name }) => name).join() === names.join()
  if (hasChanged()) return
  await new Promise<void>(resolve => {
    const stop = scenarios.onEdit(() => {
      if (!hasChanged()) return
      stop()
      resolve()
    })
  })
}
