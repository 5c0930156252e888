import t from 'tap'
import { builtInFixtures, readFixtures } from '../../src/options/fixture-files.js'
import { plainName } from '../../src/options/names.js'
import { build, runCommand } from '../harness/emulator.js'

function file (...fixtures: object[]): string {
  return JSON.stringify({ fixtures })
}

const good = { name: 'good', result: { stdout: 'x' } }

/** The names of the fixtures in files without mistakes. */
async function namesIn (path: string): Promise<string[]> {
  const { fixtures, problems } = await readFixtures(path, plainName('--fixtures'))
  t.strictSame(problems, [])
  return fixtures.map(({ name }) => name)
}

t.test('reads the files of a directory in the order of their names', async t => {
  const directory = t.testdir({
    'b.json': file({ ...good, name: 'third' }),
    'a.json': file({ ...good, name: 'first' }, { ...good, name: 'second' }),
    'c.jsonc': `// With comments.\n${file({ ...good, name: 'fourth' })}`,
    'README.md': 'not a fixture file',
    below: { 'c.json': 'not read' }
  })
  t.strictSame(await namesIn(directory), ['first', 'second', 'third', 'fourth'])
})

t.test('reads a single file, whatever its name', async t => {
  const directory = t.testdir({ 'mine.txt': file(good), 'other.json': file({ ...good, name: 'other' }) })
  t.strictSame(await namesIn(`${directory}/mine.txt`), ['good'])
})

t.test('tries the fixtures of the user before the built-in ones', async t => {
  const [builtIn] = builtInFixtures()
  const fixtures = [{ ...builtIn!, result: { stdout: 'mine' } }]
  const emulator = await build(t, { respond: 'immediate', fixtures })
  const response = await runCommand(emulator, { commandId: builtIn!.match!.commandId! })
  t.match(response.body, 'mine')
})

t.test('accepts a file that names its schema and has no fixtures', async t => {
  const directory = t.testdir({ 'a.json': '{"$schema":"../openapi/fixture.schema.json","fixtures":[]}' })
  t.strictSame(await namesIn(directory), [])
})
