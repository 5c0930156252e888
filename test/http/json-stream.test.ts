import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { jsonStream } from '../../src/http/json-stream.js'

t.test('writes the same text as JSON.stringify, with lists from iterables and late members', async t => {
  let count = 0
  const numbers = function * () {
    for (const item of [undefined, { a: [1] }, undefined, 'é"\n', null, 2]) {
      if (item !== undefined) count++
      yield item
    }
  }
  const document = { log: { version: '1.2', none: undefined, entries: numbers(), late: () => undefined }, empty: [], nothing: {}, count: () => count, last: null }
  t.equal(await text(jsonStream(document)), JSON.stringify({
    log: { version: '1.2', entries: [{ a: [1] }, 'é"\n', null, 2] }, empty: [], nothing: {}, count: 4, last: null
  }))
  t.equal(await text(jsonStream([undefined])), '[]')
})

t.test('makes items only as its reader reads', async t => {
  let made = 0
  const items = function * () { for (;;) yield { item: ++made, text: 'x'.repeat(1000) } }
  const stream = jsonStream({ value: items() })
  await once(stream, 'readable')
  for (let turn = 0; turn < 100; turn++) await new Promise(resolve => setImmediate(resolve))
  t.ok(made < 200, `${made} items`)
  stream.destroy()
})

t.test('lets other work go first again and again, even between items that it leaves out', async t => {
  for (const item of ['x'.repeat(100), undefined]) {
    let [longest, inThisTurn, turns] = [0, 0, 0]
    const items = function * () {
      for (let made = 0; made < 10_000; made++) {
        longest = Math.max(longest, ++inThisTurn)
        yield item
      }
    }
    const whole = text(jsonStream(items()))
    const count = () => {
      inThisTurn = 0
      if (++turns < 10_000) setImmediate(count)
    }
    setImmediate(count)
    await whole
    t.ok(longest < 1000, `${longest} items in one turn`)
  }
})

t.test('ends with an error if an item cannot be made, and makes no more items once it is destroyed', async t => {
  const failing = function * () {
    for (let count = 0; count < 1000; count++) yield 'x'.repeat(1000)
    throw new Error('no such item')
  }
  await t.rejects(text(jsonStream(failing())), { message: 'no such item' })
  let isOver = false
  const endless = function * () { try { for (;;) yield 'x'.repeat(1000) } finally { isOver = true } }
  const stream = jsonStream(endless())
  await once(stream, 'readable')
  await once(stream.destroy(), 'close')
  t.ok(isOver)
})
