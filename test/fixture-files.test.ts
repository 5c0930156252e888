import t, { type Test } from 'tap'
import { readFixtures } from '../src/fixtures.js'
import { UsageError } from '../src/usage-error.js'

function file (...fixtures: object[]): string {
  return JSON.stringify({ fixtures })
}

/** What is said of a directory that cannot be used. */
function complaintOf (t: Test, directory: string): string {
  try {
    readFixtures(directory)
  } catch (error) {
    t.type(error, UsageError)
    return (error as Error).message
  }
  return 'nothing'
}

const good = { name: 'good', result: { stdout: 'x' } }

t.test('the files of a directory are read in the order of their names, before the built-in ones', async t => {
  const directory = t.testdir({
    'b.json': file({ ...good, name: 'third' }),
    'a.json': file({ ...good, name: 'first' }, { ...good, name: 'second' }),
    'README.md': 'not a fixture file',
    below: { 'c.json': 'not read' }
  })
  const names = readFixtures(directory).map(({ name }) => name)
  const builtIn = readFixtures().map(({ name }) => name)
  t.ok(builtIn.length > 0)
  t.same(names, ['first', 'second', 'third', ...builtIn])
})

t.test('an empty directory adds nothing', async t => {
  t.same(readFixtures(t.testdir()), readFixtures())
})

t.test('a file may name its schema and hold no fixture', async t => {
  const directory = t.testdir({ 'a.json': '{"$schema":"../openapi/fixture.schema.json","fixtures":[]}' })
  t.same(readFixtures(directory), readFixtures())
})

const mistakes: Record<string, { content: string, says: string }> = {
  'JSON that ends too early': { content: '{"fixtures": [', says: 'FILE is not a fixture file: Unexpected end of JSON input' },
  'JSON with a mistake among its lines': { content: '{\n  "fixtures": x\n}\n', says: "FILE is not a fixture file: Unexpected token 'x'" },
  'an empty file': { content: '', says: 'FILE is not a fixture file: Unexpected end of JSON input' },
  'no object': { content: '[]', says: 'FILE must be an object, not []' },
  'no fixtures': { content: '{}', says: "FILE must have 'fixtures'" },
  'an unknown key at the top': { content: '{"fixtures":[],"fixture":1}', says: "FILE: 'fixture' is not known" },
  'a fixture without a name': { content: file(good, { result: {} }), says: "FILE: 'fixtures/1' must have 'name'" },
  'an unknown key in a fixture': { content: file({ ...good, when: {} }), says: "FILE: 'fixtures/0/when' is not known" },
  'an unknown matcher': { content: file({ ...good, match: { vm: 'x' } }), says: "FILE: 'fixtures/0/match/vm' is not known" },
  'a matcher of the wrong type': {
    content: file({ ...good, match: { script: ['echo'] } }),
    says: "FILE: 'fixtures/0/match/script' must be text, not [\"echo\"]"
  },
  'a parameter of the wrong type': {
    content: file({ ...good, match: { parameters: { count: 1 } } }),
    says: "FILE: 'fixtures/0/match/parameters/count' must be text, not 1"
  },
  'both a result and an error': {
    content: file({ ...good, error: { code: 'C', message: 'm' } }),
    says: "FILE: 'fixtures/0' must have either 'result' or 'error'"
  },
  neither: { content: file({ name: 'x' }), says: "FILE: 'fixtures/0' must have either 'result' or 'error'" },
  'an exit code of the wrong type': {
    content: file({ name: 'x', result: { exitCode: '1' } }),
    says: "FILE: 'fixtures/0/result/exitCode' must be a whole number, not \"1\""
  },
  'an exit code that no process has': {
    content: file({ name: 'x', result: { exitCode: 256 } }),
    says: "FILE: 'fixtures/0/result/exitCode' must be at most 255, not 256"
  },
  'a negative duration': {
    content: file({ name: 'x', result: { durationMs: -1 } }),
    says: "FILE: 'fixtures/0/result/durationMs' must be at least 0, not -1"
  },
  'an unknown key in a result': {
    content: file({ name: 'x', result: { stdOut: 'x' } }),
    says: "FILE: 'fixtures/0/result/stdOut' is not known"
  },
  'an error without a message': {
    content: file({ name: 'x', error: { code: 'C' } }),
    says: "FILE: 'fixtures/0/error' must have 'message'"
  }
}

for (const [what, { content, says }] of Object.entries(mistakes)) {
  t.test(`${what} is named: file, place and rule, in one line`, async t => {
    const directory = t.testdir({ 'a.json': file(good), 'b.json': content })
    const message = complaintOf(t, directory)
    t.ok(message.startsWith(says.replace('FILE', `${directory}/b.json`)), message)
    t.notMatch(message, /\n/)
  })
}

t.test('a directory that is missing, or none, is named', async t => {
  const directory = t.testdir({ file: '' })
  t.match(complaintOf(t, `${directory}/missing`), `--fixtures ${directory}/missing cannot be read: ENOENT`)
  t.match(complaintOf(t, `${directory}/file`), `--fixtures ${directory}/file cannot be read: ENOTDIR`)
})

t.test('a directory that is called as a fixture file is named', async t => {
  const directory = t.testdir({ 'a.json': {} })
  t.match(complaintOf(t, directory), `${directory}/a.json is not a fixture file: EISDIR`)
})
