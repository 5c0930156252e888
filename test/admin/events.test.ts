import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import t, { type Test } from 'tap'
import { eventStream } from '../../src/admin/event-stream.js'
import { type RunningEmulator } from '../../src/index.js'
import type { JournalEntry } from '../../src/journal/entry.js'
import { EventLog } from '../../src/journal/event-log.js'
import { Journal } from '../../src/journal/journal.js'
import { Segment } from '../../src/journal/segment.js'
import { CLOSE_GRACE_PERIOD } from '../../src/listener/one-port.js'
import { build, runCommand, start, SUBSCRIPTION } from '../harness/emulator.js'
import { until } from '../harness/execution.js'
import { FACTS } from '../harness/facts.js'
import { holdTimers } from '../harness/timers.js'
import { whole } from '../harness/whole.js'

const BODY = { commandId: 'RunShellScript', script: ['ls'] }

/** Opens the stream; `next` resolves to the text of the next event or comment. */
async function follow (t: Test, { httpUrl }: RunningEmulator, lastEventId?: string) {
  const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId }
  const request = httpRequest(`${httpUrl}/_emulator/events`, { headers, agent: false }).end()
  const [response] = await once(request, 'response') as [IncomingMessage]
  t.teardown(() => request.destroy())
  const blocks = (async function * () {
    let text = ''
    for await (const chunk of response.setEncoding('utf8')) {
      text += chunk
      const parts = text.split('\n\n')
      text = parts.pop()!
      yield * parts
    }
  })()
  const next = async () => (await blocks.next()).value as string
  return { response, request, next }
}

const send = ({ app }: RunningEmulator) => runCommand({ app } as RunningEmulator, BODY)

t.test('sends an event with the next id for each request and each change of an operation', async t => {
  const emulator = await start(t)
  const { response, next } = await follow(t, emulator)
  t.equal(response.headers['content-type'], 'text/event-stream')
  t.equal(await next(), 'retry: 1000')
  await send(emulator)
  t.match(await next(), /^id: 1\nevent: operation\ndata: \{"id":".*","status":"Succeeded",.*"vmName":"vm"/)
  t.match(await next(), /^id: 2\nevent: request\ndata: \{"sequence":1,.*"operation":"VirtualMachines_RunCommand"/)
})

t.test('without a journal a comment says which events there are', async t => {
  const emulator = await start(t, { journal: 0 })
  const { next } = await follow(t, emulator)
  t.equal(await next(), 'retry: 1000')
  t.match(await next(), /^: azrun keeps no requests: .* --journal 0; the events are those of operations/)
  await send(emulator)
  t.match(await next(), /^id: 1\nevent: operation\n/)
})

t.test('sends an event for a scenario that applies', async t => {
  const emulator = await start(t)
  const scenario = { name: 'slow', do: [{ guest: { stdout: 'x' } }] }
  await emulator.app.inject({ method: 'PUT', url: '/_emulator/scenarios/slow', body: scenario })
  await send(emulator)
  const { next } = await follow(t, emulator, '3')
  t.equal(await next(), 'retry: 1000')
  const [id, event, data] = (await next()).split('\n')
  t.same([id, event], ['id: 4', 'event: scenario'])
  t.same(JSON.parse(data!.slice('data: '.length)),
    { name: 'slow', sequence: 1, operation: 'VirtualMachines_RunCommand', vmName: 'vm' })
})

t.test('sends an event for each change of the active scenarios', async t => {
  const emulator = await start(t)
  const { next } = await follow(t, emulator)
  await next()
  const subscriptionId = 'AAAAAAAA-1111-4111-8111-111111111111'
  const slow = { name: 'slow', do: [{ delay: { ms: 1 } }] }
  const call = async (method: 'PUT' | 'DELETE', path: string, body?: object) =>
    await emulator.app.inject({ method, url: `/_emulator/scenarios${path}`, ...body !== undefined && { body } })
  await call('PUT', '/slow', slow)
  await call('PUT', '/slow', { ...slow, match: { subscriptionId } })
  await call('DELETE', `/slow?subscriptionId=${subscriptionId}`)
  await call('DELETE', '/slow')
  await call('DELETE', '/slow')
  await call('DELETE', `?subscriptionId=${subscriptionId}`)
  await call('PUT', '', { value: [slow] })
  const expected = [
    { change: 'put', name: 'slow' },
    { change: 'put', name: 'slow', subscriptionId: subscriptionId.toLowerCase() },
    { change: 'deleted', name: 'slow', subscriptionId: subscriptionId.toLowerCase() },
    { change: 'deleted', name: 'slow' },
    { change: 'replaced', subscriptionId: subscriptionId.toLowerCase() },
    { change: 'replaced' }
  ]
  for (const [index, data] of expected.entries()) {
    t.equal(await next(), `id: ${index + 1}\nevent: scenarios\ndata: ${JSON.stringify(data)}`)
  }
})

t.test('sends an event for a finished reset with its scope and its counts, also after Last-Event-ID', async t => {
  const emulator = await start(t)
  await send(emulator)
  await emulator.app.inject({ method: 'POST', url: '/_emulator/reset', body: { subscriptionId: SUBSCRIPTION } })
  await emulator.reset()
  const { next } = await follow(t, emulator, '3')
  await next()
  const dropped = { operations: 1, requests: 1, scenarios: 0, runCommands: 0 }
  t.equal(await next(), `id: 4\nevent: reset\ndata: ${JSON.stringify({ subscriptionId: SUBSCRIPTION, dropped })}`)
  t.match(await next(), /^id: 5\nevent: scenarios\n/)
  t.match(await next(), /^id: 6\nevent: reset\ndata: \{"dropped":/)
})

t.test('continues after the event of Last-Event-ID', async t => {
  const emulator = await start(t)
  await send(emulator)
  await send(emulator)
  const { next } = await follow(t, emulator, '1')
  t.equal(await next(), 'retry: 1000')
  const ids = [await next(), await next(), await next()].map(text => text.split('\n').slice(0, 2))
  t.same(ids, [['id: 2', 'event: request'], ['id: 3', 'event: operation'], ['id: 4', 'event: request']])
})

t.test('sends all kept events to a reader whose Last-Event-ID is from before a restart', async t => {
  const emulator = await start(t)
  await send(emulator)
  const { next } = await follow(t, emulator, '3')
  t.equal(await next(), 'retry: 1000')
  await send(emulator)
  const ids = [await next(), await next(), await next()].map(text => text.split('\n')[0])
  t.same(ids, ['id: 1', 'id: 2', 'id: 3'])
})

t.test('refuses an invalid Last-Event-ID', async t => {
  const { app } = await build(t)
  const response = await app.inject({ url: '/_emulator/events', headers: { 'last-event-id': 'x' } })
  t.match(response.json(), { error: { code: 'BadRequest', target: 'Last-Event-ID' } })
})

t.test('ends its streams at once when azrun closes', async t => {
  const emulator = await start(t)
  const { next } = await follow(t, emulator)
  await next()
  const grace = holdTimers(t, CLOSE_GRACE_PERIOD)
  await emulator.close()
  t.equal(await next(), undefined)
  t.equal(grace.fired, 0)
})

t.test('drops a reader that disconnects', async t => {
  const emulator = await start(t)
  const { request, next } = await follow(t, emulator)
  await next()
  t.equal(whole(emulator).journal.waiting, 1)
  request.destroy()
  await until(() => whole(emulator).journal.waiting === 0)
  t.pass('no reader is left')
})

t.test('disconnects a reader that does not read with a comment, and buffers little more than the limit', async t => {
  const journal = new Journal()
  const stream = eventStream(new EventLog(journal), { limit: 1000 })
  const texts = { url: '/', head: '\nGET\nhttp://x', body: '', response: 'HTTP/1.1 200\r\n\r\n' }
  for (let count = 0; count < 100; count++) journal.record(FACTS, texts)
  t.equal(journal.waiting, 0)
  const text = `${await stream.setEncoding('utf8').toArray()}`
  t.ok(text.length < 2000, `${text.length}`)
  t.match(text, /\n\n: this reader is slower than the events; connect again .*\n\n$/)
})

t.test('sends the recorded events as fast as the reader reads, and then the new ones', async t => {
  const journal = new Journal()
  const events = new EventLog(journal)
  const texts = { url: '/', head: '\nGET\nhttp://x', body: '', response: 'HTTP/1.1 200\r\n\r\n' }
  const record = (times: number) => { for (let count = 0; count < times; count++) journal.record(FACTS, texts) }
  record(100)
  t.equal(events.before(10), 90)
  t.equal(events.before(1000), 0)
  const stream = eventStream(events, { after: 20, limit: 1000 }).setEncoding('utf8')
  record(5)
  let text = ''
  for await (const chunk of stream) {
    t.ok(stream.readableLength < 1500, 'buffers little more than the limit')
    text += chunk
    if (text.includes('id: 105\n') && journal.next === 106) record(1)
    if (text.includes('id: 106\n')) break
  }
  const ids = [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))
  t.strictSame(ids, Array.from({ length: 86 }, (_, index) => 21 + index))
  t.notMatch(text, 'slower')
})

t.test('kept events are those of their time, whatever the journal drops and adds while they are read', async t => {
  const journal = new Journal()
  const events = new EventLog(journal)
  const record = (url: string, times: number) => {
    const texts = { url, head: '\nGET\nhttp://x', body: '', response: 'HTTP/1.1 200\r\n\r\n' }
    for (let count = 0; count < times; count++) journal.record(FACTS, texts)
  }
  record('/a', 1)
  events.edited({ change: 'replaced' })
  record('/b', 5)
  const kept = events.keptAfter(0)
  const next = () => {
    const { value, done } = kept.next()
    return done === true ? undefined : [value.id, value.event, (value.data as Partial<JournalEntry>).url]
  }
  t.strictSame([next(), next()], [[1, 'request', 'http://x/a'], [2, 'scenarios', undefined]])
  journal.clear()
  record('/new', 10)
  t.strictSame([next(), next()], [[3, 'request', 'http://x/b'], undefined])
})

t.test('an event is written once for all readers', async t => {
  const journal = new Journal()
  const events = new EventLog(journal)
  const shown = t.capture(journal, 'show', journal.show)
  const streams = [1, 2, 3].map(() => eventStream(events, {}).setEncoding('utf8'))
  journal.record(FACTS, { url: '/', head: '\nGET\nhttp://x', body: '', response: 'HTTP/1.1 200\r\n\r\n' })
  t.equal(shown().length, 1)
  events.close()
  for (const stream of streams) t.match(`${await stream.toArray()}`, /event: request/)
  t.equal(journal.waiting, 0)
})

t.test('a reader takes each kept event once from the journal, however slowly it reads', async t => {
  const journal = new Journal()
  const events = new EventLog(journal)
  for (let count = 0; count < 2000; count++) {
    journal.record(FACTS, { url: '/', head: '\nGET\nhttp://x', body: '', response: `HTTP/1.1 200\r\n\r\n${'x'.repeat(1000)}` })
  }
  const looks = t.capture(Segment.prototype, 'get', Segment.prototype.get)
  let ids = 0
  for await (const chunk of eventStream(events, { after: 0, limit: 10_000 })) {
    ids += `${chunk}`.match(/^id: /gm)?.length ?? 0
    if (ids === 2000) break
  }
  t.ok(looks().length < 20_000, `${looks().length} looks at 2000 requests`)
})

t.test('sends heartbeat comments', async t => {
  const stream = eventStream(new EventLog(new Journal()), { heartbeat: 1 }).setEncoding('utf8')
  let text = ''
  for await (const chunk of stream) {
    text += chunk
    if (text.includes(': heartbeat\n\n: heartbeat\n\n')) break
  }
  t.match(text, /^retry: 1000\n\n: heartbeat/)
})
