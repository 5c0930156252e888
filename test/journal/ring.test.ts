import t from 'tap'
import { Arena, bodyIn, headIn, responseIn } from '../../src/journal/arena.js'
import { Journal } from '../../src/journal/journal.js'
import { notKept, type StartedRun } from '../../src/journal/kept-request.js'
import { FACTS } from '../harness/facts.js'

/** A request of about so many bytes. */
function record (journal: Journal, bytes = 0): void {
  journal.record(FACTS, { url: '/', head: '\nGET\nhttp://x', body: '', response: `HTTP/1.1 200\r\n\r\n${'x'.repeat(bytes)}` })
}

const sequences = (journal: Journal) => journal.list().value.map(({ sequence }) => sequence)

t.test('the oldest entries go once there are too many, and are counted', async t => {
  const journal = new Journal({ capacity: 3 })
  for (let count = 0; count < 10; count++) record(journal)
  t.same(sequences(journal), [8, 9, 10])
  t.equal(journal.evicted, 7)
  t.equal(journal.get(7), undefined)
  t.equal(journal.get(8)!.sequence, 8)
})

t.test('the oldest entries go once there are too many bytes, and an entry that is larger itself', async t => {
  const journal = new Journal({ maxBytes: 10_000 })
  for (let count = 0; count < 10; count++) record(journal, 3000)
  t.same(sequences(journal), [8, 9, 10])
  record(journal, 20_000)
  t.same([sequences(journal), journal.evicted], [[], 11])
  record(journal)
  t.same(sequences(journal), [12])
})

t.test('what is forgotten makes room and does not count as evicted', async t => {
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

t.test('what a script wrote counts once it has ended', async t => {
  const journal = new Journal({ maxBytes: 5000 })
  record(journal, 1000)
  const run: StartedRun = { operationId: 'a', document: { script: [] } }
  journal.record({ ...FACTS, run }, { url: '/', head: '\nGET\nhttp://x', body: '', response: '' })
  t.equal(journal.list().total, 2)
  run.output = { stdout: 'x'.repeat(4096), stderr: '', stdoutBytes: 4096, stderrBytes: 0 }
  run.onEnd!()
  t.same(sequences(journal), [2])
})

t.test('texts come back as they went in, over many chunks, and long ones too', async t => {
  const arena = new Arena()
  const texts: [string, string, string][] = Array.from({ length: 3000 }, (_, index) =>
    [`${index}\xe9`, index % 7 === 0 ? '' : `\u20ac${index}`, 'r'.repeat(index % 1000)])
  texts.push(['h', 'b'.repeat(3_000_000), 'r'])
  const add = (head: string, body: string, response: string) => {
    const place = notKept(FACTS)
    arena.add(place, { url: '', head, body, response })
    return place
  }
  const places = texts.map(each => add(...each))
  t.same(places.map(place => [headIn(place), bodyIn(place), responseIn(place)]), texts)
  for (const place of places) arena.remove(place)
  const again = add('head', 'body', 'response')
  t.same([headIn(again), bodyIn(again), responseIn(again)], ['head', 'body', 'response'])
})
