import t from 'tap'
import { createWarnOnce } from '../../src/core/warn-once.js'

t.test('warns once for each key, and of at most 100 keys', async t => {
  const warnings: string[] = []
  const warnOnce = createWarnOnce({ warn: message => warnings.push(message) })
  for (let key = 0; key < 101; key++) {
    for (let time = 0; time < 2; time++) warnOnce(`${key}`, () => `message ${key}`)
  }
  t.strictSame(warnings, Array.from({ length: 100 }, (_, key) => `message ${key}`))
})
