import t from 'tap'
import { pathOf, textOf, valueAt } from '../../src/validation/paths.js'

t.test('a JSON pointer leads to the value that it names, whatever characters the names have', async t => {
  const value = { 'a/b': { 'c~d': 1, 'c~1d': 2, 0: 3 }, list: [{ x: 4 }] }
  for (const [pointer, path, found] of [
    ['', [], value],
    ['/a~1b/c~0d', ['a/b', 'c~d'], 1],
    ['/a~1b/c~01d', ['a/b', 'c~1d'], 2],
    ['/a~1b/0', ['a/b', '0'], 3],
    ['/list/0/x', ['list', 0, 'x'], 4]
  ] as const) {
    t.strictSame(pathOf(pointer, value), path, pointer)
    t.strictSame(valueAt(path, value), found, pointer)
  }
})

t.test('a path is written as in JavaScript', async t => {
  t.equal(textOf(['virtualMachines', 0, 'name']), 'virtualMachines[0].name')
  t.equal(textOf(['match', 'parameters', 'a b', '']), 'match.parameters["a b"][""]')
  t.equal(textOf([]), '')
})
