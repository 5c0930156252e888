import t from 'tap'
import { Journal } from '../../src/journal/journal.js'
import { Ring } from '../../src/journal/ring.js'
import { Segment } from '../../src/journal/segment.js'
import { ScriptRun } from '../../src/operations/script-run.js'
import { othersFirst } from '../../src/time/turns.js'
import { FACTS } from '../harness/facts.js'
import { heapUsed } from '../harness/heap.js'

/** Records a request of about `bytes` bytes. */
function record (journal: Journal, bytes = 0): void {
  journal.record(FACTS, { url: '/', head: '\nGET\nhttp://x', body: '', response: `HTTP/1.1 200\r\n\r\n${'x'.repeat(bytes)}` })
}

const sequences = (journal: Journal) => journal.list().value.map(({ sequence }) => sequence)

t.test('too many entries evict the oldest, which are counted', async t => {
  const journal = new Journal({ capacity: 3 })
  for (let count = 0; count < 10; count++) record(journal)
  t.same(sequences(journal), [8, 9, 10])
  t.equal(journal.evicted, 7)
  t.equal(journal.get(7), undefined)
  t.equal(journal.get(8)!.sequence, 8)
})

t.test('too many bytes evict the oldest entries, and an entry that is too large itself', async t => {
  const journal = new Journal({ maxBytes: 10_000 })
  for (let count = 0; count < 10; count++) record(journal, 3000)
  t.same(sequences(journal), [8, 9, 10])
  record(journal, 20_000)
  t.same([sequences(journal), journal.evicted], [[], 11])
  record(journal)
  t.same(sequences(journal), [12])
})

t.test('entries of exactly the allowed size stay', async t => {
  const ring = new Ring({ maxBytes: 10 })
  const add = (sequence: number) => ring.add(sequence, sequence, FACTS, { url: '/', head: 'head', body: '', response: '' })
  for (const sequence of [1, 2]) add(sequence)
  t.same([ring.size, ring.evicted], [2, 0])
  add(3)
  t.same([ring.size, ring.evicted], [2, 1])
})

t.test('a ring uses its storage again when it is full and when it was cleared', async t => {
  const { allocUnsafeSlow } = Buffer
  t.teardown(() => { Buffer.allocUnsafeSlow = allocUnsafeSlow })
  let allocated = 0
  Buffer.allocUnsafeSlow = size => {
    allocated++
    return allocUnsafeSlow(size)
  }
  const [full, cleared] = [new Ring({ capacity: 300 }), new Ring({})]
  for (let sequence = 1; sequence <= 5000; sequence++) {
    full.add(sequence, sequence, FACTS, { url: '/', head: 'head', body: '', response: '' })
    cleared.add(sequence, sequence, FACTS, { url: '/', head: 'head', body: '', response: '' })
    if (sequence % 200 === 0) cleared.clear()
  }
  t.equal(allocated, 4, 'the full one needs three')
})

t.test('an entry that is too large itself is told to nobody', async t => {
  const journal = new Journal({ maxBytes: 10_000 })
  const told: number[] = []
  journal.follow(call => told.push(call.entry.sequence))
  record(journal, 20_000)
  record(journal)
  t.same(told, [2])
})

t.test('cleared entries free their room and do not count as evicted', async t => {
  const journal = new Journal({ capacity: 3 })
  for (let count = 0; count < 3; count++) record(journal)
  t.equal(journal.clear({ since: 2 }), 1)
  t.same([sequences(journal), journal.evicted], [[1, 2], 0])
  t.equal(journal.get(3), undefined)
  record(journal)
  t.same(sequences(journal), [1, 2, 4])
  t.equal(journal.get(4)!.sequence, 4)
  t.equal(journal.clear(), 3)
})

t.test('clearing all entries frees their room, and ends an iteration that has started', async t => {
  const journal = new Journal({ maxBytes: 3_000_000 })
  for (let count = 0; count < 5000; count++) record(journal, 100)
  const iterator = journal.calls()
  iterator.next()
  t.equal(journal.clear({ subscriptionId: undefined }), 5000)
  for (let count = 0; count < 4000; count++) record(journal, 100)
  t.same([...iterator], [])
  t.same([journal.list().total, sequences(journal)[0], journal.evicted], [4000, 5001, 0])
  t.equal(journal.get(5000), undefined)
})

t.test('the output of a script counts when the script has ended', async t => {
  const journal = new Journal({ maxBytes: 5000 })
  record(journal, 1000)
  const run = new ScriptRun({ id: 'RunShellScript', script: [] })
  journal.record({ ...FACTS, run }, { url: '/', head: '\nGET\nhttp://x', body: '', response: '' })
  t.equal(journal.list().total, 2)
  run.end({ exitCode: 0, output: { stdout: 'x'.repeat(4096), stderr: '', stdoutBytes: 4096, stderrBytes: 0 } }, 0)
  t.same(sequences(journal), [2])
})

t.test('an iteration passes over what is removed and added between its steps', async t => {
  const journal = new Journal({ capacity: 3000 })
  for (let count = 0; count < 3000; count++) record(journal)
  const iterator = journal.calls()
  const next = () => iterator.next().value?.entry.sequence
  t.same([next(), next()], [1, 2])
  for (let count = 0; count < 1000; count++) record(journal)
  t.equal(next(), 1001)
  journal.clear({ since: 1002 })
  t.same([next(), next()], [1002, undefined])
})

t.test('a list of operations and their polls looks at each request only a few times', async t => {
  const journal = new Journal()
  const operationId = (index: number) => `00000000-0000-0000-0000-${`${index}`.padStart(12, '0')}`
  const texts = { url: '/', head: '\nGET\nhttp://x', body: '', response: 'HTTP/1.1 200\r\n\r\n' }
  const ids = Array.from({ length: 1000 }, (_, index) => operationId(index))
  for (const id of ids) journal.record({ ...FACTS, run: Object.assign(new ScriptRun(), { operationId: id }) }, texts)
  for (const id of ids) journal.record({ ...FACTS, polled: id }, texts)
  const { get } = Segment.prototype
  t.teardown(() => { Segment.prototype.get = get })
  let looks = 0
  // A capture by tap would take seconds, since it records the stack of each call.
  Segment.prototype.get = function (sequence) {
    looks++
    return get.call(this, sequence)
  }
  t.ok(journal.list().value.slice(0, 1000).every(({ polls }) => polls!.length === 1))
  for (let sequence = 1; sequence <= 1000; sequence++) journal.get(sequence)
  t.ok(looks > 2000 && looks < 20_000, `${looks} looks at 2000 requests`)
})

type HeadBodyResponse = readonly [head: string, body: string, response: string]

/** Requests with these texts, numbered from 1. */
function ringOf (texts: readonly HeadBodyResponse[], ring = new Ring({})): Ring {
  for (const [index, [head, body, response]] of texts.entries()) {
    ring.add(index + 1, index + 1, FACTS, { url: '', head, body: Buffer.from(body).toString('latin1'), response })
  }
  return ring
}

const textsIn = (ring: Ring) => [...ring].map(entry => [entry.head(), entry.body(), entry.response()])

t.test('returns texts unchanged, however many and however long they are', async t => {
  const texts: [string, string, string][] = Array.from({ length: 3000 }, (_, index) =>
    [`${index}\xe9`, index % 7 === 0 ? '' : `\u20ac${index}`, 'r'.repeat(index % 1000)])
  texts.splice(1000, 0, ['h', 'b'.repeat(3_000_000), 'r'])
  t.same(textsIn(ringOf(texts)), texts)
  t.same(textsIn(ringOf(texts, new Ring({ capacity: 10 }))), texts.slice(-10))
  const cleared = ringOf([['h', 'b', 'r']])
  cleared.clear()
  t.same(textsIn(ringOf(texts, cleared)), texts, 'after it was cleared')
})

t.test('removing entries in the middle does not affect the others', async t => {
  const texts = Array.from({ length: 2000 }, (_, index) => [`${index + 1}`, '', 'r'.repeat(500)] as const)
  const ring = ringOf(texts, new Ring({ capacity: 2000 }))
  ring.remove(texts.flatMap((_, index) => index % 10 === 9 || (index > 300 && index < 1900) ? [index + 1] : []))
  const kept = [...ring].map(({ sequence }) => sequence)
  t.equal(kept.length, ring.size)
  t.same([ring.get(10), ring.get(700), ring.get(2001)], [undefined, undefined, undefined])
  for (const sequence of kept) t.equal(ring.get(sequence)!.head(), `${sequence}`)
  t.same([...ring.after(150)].map(({ sequence }) => sequence), kept.filter(sequence => sequence > 150))
  for (let sequence = 2001; sequence <= 4000; sequence++) {
    ring.add(sequence, sequence, FACTS, { url: '/', head: `${sequence}`, body: '', response: '' })
  }
  t.same([ring.size, [...ring][0]!.sequence, ring.get(4000)!.head()], [2000, 2001, '/4000'])
})

t.test('an iteration during which entries are added returns no entry twice and no evicted one', async t => {
  const ring = ringOf(Array.from({ length: 1000 }, (_, index) => [`${index + 1}`, '', ''] as const), new Ring({ capacity: 1000 }))
  const seen: string[] = []
  for (const entry of ring) {
    seen.push(entry.head())
    if (entry.sequence !== 1) continue
    for (let sequence = 1001; sequence <= 1900; sequence++) {
      ring.add(sequence, sequence, FACTS, { url: '', head: `${sequence}`, body: '', response: '' })
    }
  }
  t.same(seen.slice(0, 2), ['1', '901'])
  t.equal(new Set(seen).size, seen.length)
})

t.test('an entry after removed ones is found by its sequence, even if an older segment has room for it', t => {
  const ring = new Ring({})
  const add = (sequence: number, bytes: number) =>
    ring.add(sequence, sequence, FACTS, { url: '', head: `${sequence}`, body: '', response: 'r'.repeat(bytes) })
  for (let sequence = 1; sequence <= 10; sequence++) add(sequence, 25_000)
  // The first ten leave too little room for these.
  for (let sequence = 11; sequence <= 15; sequence++) add(sequence, 30_000)
  ring.remove([11, 12, 13, 14, 15])
  add(16, 100)
  t.equal(ring.get(16)?.head(), '16')
  t.equal(ring.get(11), undefined)
  t.equal(Array.from(ring).length, 11)
  t.end()
})

t.test('requests that are left between removed ones keep no more memory than their texts need', async t => {
  const [count, bytes] = [25_000, 1000]
  const texts = Array.from({ length: count }, (_, index) => [`${index + 1}`, `\u20ac${index}`, 'r'.repeat(bytes)] as const)
  const isLeft = (sequence: number) => sequence % 250 === 0 || sequence % 250 === 100
  heapUsed()
  const before = process.memoryUsage().arrayBuffers
  const ring = ringOf(texts, new Ring({ capacity: count }))
  ring.remove(texts.map((_, index) => index + 1).filter(sequence => !isLeft(sequence)))
  heapUsed()
  const kept = process.memoryUsage().arrayBuffers - before
  t.ok(kept < 2_000_000, `${kept} bytes for 200 requests`)
  t.same(textsIn(ring), texts.filter((_, index) => isLeft(index + 1)))
  for (const sequence of [100, 250, 12_500]) {
    t.same([ring.get(sequence)!.body(), ring.get(sequence - 1)], [`\u20ac${sequence - 1}`, undefined])
  }
  ring.remove([250, 25_000])
  ring.add(count + 1, count + 1, FACTS, { url: '', head: 'next', body: '', response: '' })
  t.same([ring.size, ring.newest, [...ring].at(-1)!.head()], [199, count + 1, 'next'])
})

t.test('a request with a long text or unusual facts stays the same when others around it are removed', async t => {
  const ring = new Ring({ capacity: 1000 })
  const leniencies = new Set(['null'])
  const run = Object.assign(new ScriptRun(), { operationId: 'a' })
  const texts = { url: '/a', head: '\nGET\nhttp://x', body: 'b'.repeat(100_000), response: 'r' }
  const facts = { ...FACTS, leniencies, run, hasBody: true, isCut: true, status: undefined, scenarios: ['x'], operation: 'o' }
  for (let sequence = 1; sequence <= 600; sequence++) {
    const isUnusual = sequence === 100
    ring.add(sequence, sequence + 7, isUnusual ? facts : FACTS, isUnusual ? texts : { url: '', head: 'h', body: '', response: '' })
  }
  const shownOf = () => {
    const { head, body, response, ...others } = ring.get(100)!
    return { head: head(), body: body(), response: response(), ...others }
  }
  const before = shownOf()
  ring.remove(Array.from({ length: 599 }, (_, index) => index + (index < 99 ? 1 : 2)))
  t.same([ring.size, shownOf(), ring.startOf('a')!.sequence], [1, before, 100])
  const small = new Ring({ maxBytes: 102_000 })
  small.add(1, 1, { ...FACTS, run }, { url: '', head: '', body: '', response: '' })
  for (let sequence = 2; sequence <= 300; sequence++) small.add(sequence, sequence, FACTS, { url: '', head: 'h', body: '', response: '' })
  small.remove(Array.from({ length: 298 }, (_, index) => index + 2))
  run.end({ exitCode: 0, output: { stdout: 'x'.repeat(102_000), stderr: '', stdoutBytes: 102_000, stderrBytes: 0 } }, 0)
  small.addOutput(1)
  t.same([...small].map(({ sequence }) => sequence), [300], 'the output of a script still counts, here for too much')
})

t.test('a request that is removed frees its script and its other facts, even if its neighbors stay', async t => {
  const ring = ringOf([['1', '', '']])
  /** Not in the test itself, which would keep them. */
  function addAnother () {
    const [run, leniencies] = [new ScriptRun(), new Set(['null'])]
    ring.add(2, 2, { ...FACTS, run, leniencies }, { url: '', head: '2', body: '', response: '' })
    return [new WeakRef(run), new WeakRef(leniencies)] as const
  }
  const [run, leniencies] = addAnother()
  t.equal(ring.get(2)!.run, run.deref())
  ring.remove([2])
  await othersFirst()
  heapUsed()
  t.strictSame([run.deref(), leniencies.deref()], [undefined, undefined])
  t.equal(ring.size, 1)
})

t.test('clearing the ring frees all scripts, although its storage is used again', async t => {
  const ring = new Ring({})
  function addRun () {
    const run = new ScriptRun()
    ring.add(1, 1, { ...FACTS, run }, { url: '', head: '1', body: '', response: '' })
    return new WeakRef(run)
  }
  const run = addRun()
  ring.clear()
  await othersFirst()
  heapUsed()
  t.equal(run.deref(), undefined)
})

t.test('the start of an operation is not found once it is removed or evicted', async t => {
  const ring = new Ring({ capacity: 4 })
  const add = (sequence: number, operationId: string) => ring.add(sequence, sequence,
    { ...FACTS, run: Object.assign(new ScriptRun(), { operationId }) }, { url: '', head: '', body: '', response: '' })
  for (const [index, id] of ['a', 'b', 'c', 'd', 'e'].entries()) add(index + 1, id)
  ring.remove([3])
  t.strictSame(['a', 'b', 'c', 'd', 'e'].map(id => ring.startOf(id)?.sequence), [undefined, 2, undefined, 4, 5])
  ring.clear()
  add(6, 'f')
  t.strictSame(['b', 'e', 'f'].map(id => ring.startOf(id)?.sequence), [undefined, undefined, 6])
})
