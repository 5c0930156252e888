import { parse } from 'node:querystring'
import fc from 'fast-check'
import t from 'tap'
import { parseQuery } from '../../src/http/query.js'

t.test('parses a well-formed query as Node does', async t => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }))), pairs => {
    const text = `${new URLSearchParams(pairs)}`
    t.strictSame({ ...parseQuery(text) }, { ...parse(text) }, text)
  }), { numRuns: 200 })
  for (const text of ['', '&', 'a', 'a=', '=a', '=', 'a=b=c', 'a&a&a=1', 'a=1&&b=2&', '__proto__=1&constructor=2', 'a+b=c+d%2B', 'a+b=c+d']) {
    t.strictSame({ ...parseQuery(text) }, { ...parse(text) }, text)
  }
})

t.test('keeps a name or value whose escapes are malformed', async t => {
  t.strictSame({ ...parseQuery('a=%zz&b%=1&c=%ED%A0%80+x&d=%41') }, { a: '%zz', 'b%': '1', c: '%ED%A0%80 x', d: 'A' })
})

t.test('inherits no names from Object', async t => {
  const query = parseQuery('a=1')
  t.equal(query['toString'], undefined)
  t.notOk('constructor' in query || '__proto__' in query)
})
