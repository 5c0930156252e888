import t, { type Test } from 'tap'
import { UsageError } from '../../src/core/usage-error.js'
import { readFixtures } from '../../src/options/fixture-files.js'

function file (...fixtures: object[]): string {
  return JSON.stringify({ fixtures })
}

/** The error message for a directory that cannot be used. */
function errorMessageOf (t: Test, directory: string): string {
  try {
    readFixtures(directory)
  } catch (error) {
    t.type(error, UsageError)
    return (error as Error).message
  }
  return 'nothing'
}

const good = { name: 'good', result: { stdout: 'x' } }

t.test('reads the files of a directory in the order of their names, before the built-in ones', async t => {
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

t.test('reads only the built-in fixtures if the directory is empty', async t => {
  t.same(readFixtures(t.testdir()), readFixtures())
})

t.test('accepts a file that names its schema and has no fixtures', async t => {
  const directory = t.testdir({ 'a.json': '{"$schema":"../openapi/fixture.schema.json","fixtures":[]}' })
  t.same(readFixtures(directory), readFixtures())
})

const mistakes: Record<string, { content: string, says: string }> = {
  'incomplete JSON': { content: '{"fixtures": [', says: 'FILE is not a fixture file: Unexpected end of JSON input' },
  'JSON with a syntax error between other lines': { content: '{\n  "fixtures": x\n}\n', says: "FILE is not a fixture file: Unexpected token 'x'" },
  'an empty file': { content: '', says: 'FILE is not a fixture file: Unexpected end of JSON input' },
  'a file that is not an object': { content: '[]', says: 'FILE must be an object, not []' },
  'a file without fixtures': { content: '{}', says: "FILE must have 'fixtures'" },
  'an unknown key at the top level': { content: '{"fixtures":[],"fixture":1}', says: "FILE: 'fixture' is not a known property" },
  'a fixture without a name': { content: file(good, { result: {} }), says: "FILE: 'fixtures/1' must have 'name'" },
  'an unknown key in a fixture': { content: file({ ...good, when: {} }), says: "FILE: 'fixtures/0/when' is not a known property" },
  'an unknown matcher': { content: file({ ...good, match: { vm: 'x' } }), says: "FILE: 'fixtures/0/match/vm' is not a known property" },
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
  'neither a result nor an error': { content: file({ name: 'x' }), says: "FILE: 'fixtures/0' must have either 'result' or 'error'" },
  'an exit code of the wrong type': {
    content: file({ name: 'x', result: { exitCode: '1' } }),
    says: "FILE: 'fixtures/0/result/exitCode' must be a whole number, not \"1\""
  },
  'an exit code that is too large': {
    content: file({ name: 'x', result: { exitCode: 256 } }),
    says: "FILE: 'fixtures/0/result/exitCode' must be at most 255, not 256"
  },
  'a negative duration': {
    content: file({ name: 'x', result: { durationMs: -1 } }),
    says: "FILE: 'fixtures/0/result/durationMs' must be at least 0, not -1"
  },
  'an unknown key in a result': {
    content: file({ name: 'x', result: { stdOut: 'x' } }),
    says: "FILE: 'fixtures/0/result/stdOut' is not a known property"
  },
  'a status with another level': {
    content: file({ name: 'x', result: { statuses: [{ level: 'Fatal' }] } }),
    says: "FILE: 'fixtures/0/result/statuses/0/level' must be one of Info, Warning, Error, not \"Fatal\""
  },
  'a status with a time that is none': {
    content: file({ name: 'x', result: { statuses: [{ time: 'now' }] } }),
    says: "FILE: 'fixtures/0/result/statuses/0/time' must be a date and time such as 2024-03-01T09:00:00+00:00"
  },
  'an unknown member of a status': {
    content: file({ name: 'x', result: { statuses: [{ text: 'x' }] } }),
    says: "FILE: 'fixtures/0/result/statuses/0/text' is not a known property"
  },
  'an error without a message': {
    content: file({ name: 'x', error: { code: 'C' } }),
    says: "FILE: 'fixtures/0/error' must have 'message'"
  }
}

for (const [what, { content, says }] of Object.entries(mistakes)) {
  t.test(`reports ${what} in one line, with the file, the place and the rule`, async t => {
    const directory = t.testdir({ 'a.json': file(good), 'b.json': content })
    const message = errorMessageOf(t, directory)
    t.ok(message.startsWith(says.replace('FILE', `${directory}/b.json`)), message)
    t.notMatch(message, /\n/)
  })
}

t.test('names a directory that is missing or is not a directory', async t => {
  const directory = t.testdir({ file: '' })
  t.match(errorMessageOf(t, `${directory}/missing`), `--fixtures ${directory}/missing cannot be read: ENOENT`)
  t.match(errorMessageOf(t, `${directory}/file`), `--fixtures ${directory}/file cannot be read: ENOTDIR`)
})

t.test('names a directory that has the name of a fixture file', async t => {
  const directory = t.testdir({ 'a.json': {} })
  t.match(errorMessageOf(t, directory), `${directory}/a.json is not a fixture file: EISDIR`)
})
