import t from 'tap'
import { messageOf } from '../../src/core/message-of.js'

t.test('anything that a program throws has a message', async t => {
  const unprintable = { toString () { throw new Error('no') } }
  for (const [thrown, message] of [
    [new Error('it broke'), 'it broke'],
    ['it broke', 'it broke'],
    [undefined, 'undefined'],
    [null, 'null'],
    [Symbol('x'), 'Symbol(x)'],
    [Object.assign(new Error(), { message: 5 }), '5'],
    [unprintable, 'an error that cannot be shown as text'],
    [Object.create(null), 'an error that cannot be shown as text']
  ] as const) {
    t.equal(messageOf(thrown), message)
  }
})
