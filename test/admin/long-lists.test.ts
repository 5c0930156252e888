import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import pino from 'pino'
import t, { type Test } from 'tap'
import type { Emulator, RunningEmulator } from '../../src/index.js'
import type { JournalEntry } from '../../src/journal/entry.js'
import { callAdmin } from '../harness/admin.js'
import { AUTHORIZATION, build, runCommandUrl, start } from '../harness/emulator.js'
import { until } from '../harness/execution.js'
import { FACTS } from '../harness/facts.js'
import { whole } from '../harness/whole.js'

const KB = 1024

/** The number of entries, and of characters in the response of each: more than sockets buffer. */
const [ENTRIES, LENGTH] = [3000, 10 * KB]

/** Fills the journal. */
function fill (emulator: Emulator, entries = ENTRIES): void {
  const texts = { url: '/', head: '\nGET\nhttp://x', body: '', response: `HTTP/1.1 200\r\n\r\n${'x'.repeat(LENGTH)}` }
  for (let count = 0; count < entries; count++) whole(emulator).journal.record(FACTS, texts)
}

/** Counts the entries that are made. `failAt` is the number of one that cannot be made. */
function countShown (emulator: Emulator, failAt = Infinity) {
  const { journal } = whole(emulator)
  const show = journal.show.bind(journal)
  const counted = { shown: 0 }
  journal.show = (...args): JournalEntry => {
    if (++counted.shown === failAt) throw new Error('this entry cannot be shown')
    return show(...args)
  }
  return counted
}

/** Asks for a path below /_emulator; the response is not read. */
async function ask (t: Test, { httpUrl }: RunningEmulator, path: string): Promise<IncomingMessage> {
  const request = httpRequest(`${httpUrl}/_emulator/${path}`, { agent: false }).on('error', () => {}).end()
  t.teardown(() => request.destroy())
  const [response] = await once(request, 'response') as [IncomingMessage]
  return response
}

for (const path of ['requests', 'requests?operation=VirtualMachines_*', 'requests.har', 'requests?count=9999&wait=0']) {
  t.test(`GET /${path} makes no more entries than its readers take, and delays no run command`, async t => {
    const emulator = await start(t, { respond: 'immediate' })
    fill(emulator)
    const counted = countShown(emulator)
    const responses = await Promise.all(Array.from({ length: 3 }, () => ask(t, emulator, path)))
    const run = await fetch(emulator.httpUrl + runCommandUrl(), {
      method: 'POST', headers: { ...AUTHORIZATION, 'content-type': 'application/json' }, body: '{"commandId":"RunShellScript","script":["ls"]}'
    })
    t.equal(run.status, 200)
    t.ok(counted.shown < 3 * ENTRIES, `${counted.shown} entries`)
    const [first, ...others] = responses
    for (const other of others) other.destroy()
    JSON.parse(await text(first!))
  })
}

t.test('a list that is being sent has the entries of its beginning', async t => {
  const emulator = await start(t)
  fill(emulator)
  const response = await ask(t, emulator, 'requests')
  fill(emulator, 10)
  const { value, total } = JSON.parse(await text(response))
  t.same([value.length, total, value.at(-1).sequence], [ENTRIES, ENTRIES, ENTRIES])
})

t.test('entries that are dropped while a list is being sent are neither in it nor counted', async t => {
  const emulator = await start(t, { journal: ENTRIES })
  fill(emulator)
  const cleared = await ask(t, emulator, 'requests')
  const evicted = await ask(t, emulator, 'requests')
  const archived = await ask(t, emulator, 'requests.har')
  fill(emulator, ENTRIES - 5)
  const last = JSON.parse(await text(evicted))
  t.ok(last.value.length > 5 && last.value.length < ENTRIES, `${last.value.length} entries`)
  t.equal(last.value.at(-6).sequence < ENTRIES - 5, true)
  t.equal(last.value.at(-5).sequence, ENTRIES - 4)
  t.same([last.total, last.evicted], [last.value.length, ENTRIES - 5])
  t.match(JSON.parse(await text(archived)).log.comment, `dropped its ${ENTRIES - 5} oldest entries`)
  emulator.journal.clear()
  fill(emulator, 5)
  const { value, total } = JSON.parse(await text(cleared))
  t.ok(value.length > 0 && value.length < ENTRIES && total === value.length, `${total} entries`)
  t.ok(value.every(({ sequence, response }: JournalEntry) => sequence <= ENTRIES && response.body!.length === LENGTH))
})

t.test('a list ends with its client, and with azrun', async t => {
  const emulator = await start(t)
  fill(emulator)
  const { journal } = whole(emulator)
  let open = 0
  const calls = journal.calls.bind(journal)
  journal.calls = function * (...args) {
    open++
    try { yield * calls(...args) } finally { open-- }
  }
  const [leaving] = [await ask(t, emulator, 'requests'), await ask(t, emulator, 'requests.har')]
  t.equal(open, 2)
  leaving.destroy()
  await until(() => open === 1)
  await emulator.close()
  await until(() => open === 0)
  t.pass('nobody reads the journal')
})

t.test('an entry that cannot be shown cuts the connection, so that the list does not seem whole, and is logged', async t => {
  const lines: string[] = []
  const emulator = await start(t, { logger: pino({ level: 'error' }, { write (line: string) { lines.push(line) } }) })
  fill(emulator)
  countShown(emulator, ENTRIES)
  await t.rejects(text(await ask(t, emulator, 'requests')), { code: 'ECONNRESET' })
  t.match(lines.join(''), /this entry cannot be shown/)
})

t.test('an entry that cannot be shown at the beginning is an error response', async t => {
  const emulator = await build(t)
  fill(emulator, 1)
  countShown(emulator, 1)
  t.match(await callAdmin(emulator, 'GET', '/requests'), { status: 500, body: { error: { code: 'InternalServerError' } } })
})
