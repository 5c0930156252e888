import t from 'tap'
import type { Finding, JournalEntry } from '../../src/journal/entry.js'
import { EvictedFindings } from '../../src/reports/evicted-findings.js'
import { reportOf } from '../../src/reports/report-of.js'
import { systemClock, type Clock } from '../../src/time/clock.js'
import { VirtualClock } from '../../src/time/virtual-clock.js'
import { ClientRun } from '../harness/client-run.js'

const RUN = '/subscriptions/24fb23e3-6ba3-41f0-9b6e-e41131d5d61e/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm/runCommand'
const WARNING: Finding = { rule: 'contract', severity: 'warning', message: "member 'Script' has the wrong case", path: 'request.body.Script' }

function entry (sequence: number, client: string | undefined, findings: readonly Finding[] = []): JournalEntry {
  return {
    sequence,
    time: new Date(sequence * 1000).toISOString(),
    durationMs: 1,
    operation: 'VirtualMachines_RunCommand',
    method: 'POST',
    url: `https://management.azure.com${RUN}?api-version=2024-03-01`,
    status: 200,
    userAgent: client,
    clientRequestId: 'x',
    findings,
    leniencies: [],
    request: { headers: {}, body: '{"commandId":"x"}' },
    response: { headers: {}, body: '{"value":[]}' }
  }
}

function report (entries: Iterable<JournalEntry>, evictedFindings = new EvictedFindings(),
  evicted = evictedFindings.entries, clock: Clock = systemClock) {
  const journal = { evicted, search: () => ({ * steps () { yield * entries } }) }
  return reportOf({ journal, evictedFindings, clock, version: '1' })
}

t.test('each client is a subject, with the rules that it kept and its findings', async t => {
  const { subjects } = await report([entry(1, 'good/1'), entry(2, 'bad/1', [WARNING]), entry(3, undefined)])
  t.strictSame(subjects.map(({ name }) => name), ['good/1', 'bad/1', 'a client without a User-Agent'])
  t.strictSame(subjects.map(({ held }) => held.includes('contract')), [true, false, true])
  t.strictSame(subjects[1]!.findings.filter(({ rule }) => rule === 'contract'), [{ ...WARNING, sequence: 2 }])
})

t.test('rules over several requests are judged, and each contract finding is reported once', async t => {
  const { rules, subjects } = await report([entry(1, 'bad/1', [WARNING]), { ...entry(2, 'bad/1'), clientRequestId: undefined }])
  t.strictSame(subjects[0]!.findings.map(({ rule, sequence }) => [rule, sequence]), [['contract', 1], ['R12', 2]])
  t.notOk(rules.some(({ id }) => id === 'R10' || id === 'R11'))
  t.equal(rules[0]!.id, 'contract')
})

t.test('the waits of a client are judged, but not on a virtual clock', async t => {
  const { entries } = new ClientRun().runCommand({ status: 429, headers: { 'Retry-After': '5' } }).runCommand({ after: 10 })
  const broken = async (clock?: Clock) => (await report(entries, undefined, undefined, clock)).subjects[0]!.findings
    .some(({ rule }) => rule === 'R1')
  t.strictSame([await broken(), await broken(new VirtualClock())], [true, false])
})

t.test("a finding about azrun's own response belongs to azrun", async t => {
  const broken: Finding = { rule: 'contract', severity: 'error', message: 'it has no body', path: 'response.body' }
  const { subjects } = await report([entry(1, 'good/1', [broken])])
  t.strictSame(subjects.map(({ name }) => name), ['good/1', 'azrun'])
  t.ok(subjects[0]!.held.includes('contract'))
  t.strictSame(subjects[1]!.findings, [{ ...broken, sequence: 1 }])
})

t.test('findings of dropped requests are reported, with a note that the journal dropped them', async t => {
  const evicted = new EvictedFindings()
  for (let sequence = 1; sequence <= 3; sequence++) evicted.add(entry(sequence, 'bad/1', [WARNING]))
  const { subjects } = await report([entry(4, 'bad/1')], evicted)
  t.strictSame(subjects[0]!.findings.map(({ sequence }) => sequence), [1, 2, 3])
  t.match(subjects[1], { name: 'azrun', findings: { length: 1 } })
  t.match(subjects[1]!.findings[0], { rule: 'journal', severity: 'note', message: /^the journal dropped the oldest 3 requests/ })
})

t.test('a report has a note about dropped requests that were never checked', async t => {
  const { subjects } = await report([entry(4, 'good/1')], new EvictedFindings(), 3)
  t.strictSame(subjects.at(-1)!.findings.map(({ message }) => message),
    ['the journal dropped the oldest 3 requests, which this report does not cover: keep more with --journal ENTRIES'])
})

t.test('at most 10,000 findings of dropped requests are kept', async t => {
  const evicted = new EvictedFindings()
  for (let sequence = 1; sequence <= 201; sequence++) evicted.add(entry(sequence, 'bad/1', Array.from({ length: 50 }, () => WARNING)))
  t.equal(evicted.list.length, 10_000)
  t.match((await report([], evicted)).subjects.at(-1)!.findings.at(-1), { message: '50 more findings of dropped requests are left out' })
})

t.test('a report without requests has no subjects', async t => {
  t.strictSame((await report([])).subjects, [])
})

t.test('a finding of a request that is dropped after it was read is reported once', async t => {
  const evicted = new EvictedFindings()
  const entries = function * () {
    yield entry(1, 'bad/1', [WARNING])
    evicted.add(entry(1, 'bad/1', [WARNING]))
    yield entry(3, 'good/1')
    evicted.add(entry(2, 'bad/1', [WARNING]))
  }
  const { subjects } = await report(entries(), evicted, 2)
  t.strictSame(subjects[0]!.findings.map(({ sequence }) => sequence), [1, 2])
  t.strictSame(subjects.map(({ name }) => name), ['bad/1', 'good/1', 'azrun'])
})

t.test('reads each entry once for any number of clients, and lets other work go first meanwhile', async t => {
  let reads = 0
  const entries = Array.from({ length: 1000 }, (_, index) => Object.defineProperty(entry(index + 1, `client/${index}`), 'userAgent', {
    get () {
      reads++
      return `client/${index}`
    }
  }))
  let [turns, isOver] = [0, false]
  const count = () => { turns++; if (!isOver) setImmediate(count) }
  setImmediate(count)
  const { subjects } = await report(entries)
  isOver = true
  t.equal(subjects.length, 1000)
  t.ok(reads < 100_000, `${reads} reads`)
  t.ok(turns >= 1000, `${turns} turns`)
})
