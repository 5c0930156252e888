import t from 'tap'
import type { CheckedRun } from '../../../src/commands/check/checked-run.js'
import { detailsOf } from '../../../src/commands/check/details.js'
import type { JournalEntry } from '../../../src/journal/entry.js'
import { rules, type Verdict } from '../../../src/rules/index.js'

/** An entry that was sent at this time, in milliseconds after the first. */
function entry (sequence: number, at: number, more: object = {}): JournalEntry {
  const time = new Date(Date.parse('2024-03-01T00:00:00Z') + at).toISOString()
  return { sequence, time, durationMs: 5, method: 'GET', url: 'https://management.azure.com/subscriptions?x=1', status: 200, ...more } as JournalEntry
}

function run (entries: readonly JournalEntry[], output = '', verdicts: readonly Verdict[] = []): CheckedRun {
  return { name: 'busy', end: { exitCode: 0, output }, entries, verdicts, isAffected: true }
}

t.test('shows the kept rules, the calls with their ends, and the output', async t => {
  const held = (id: string): Verdict => ({ rule: rules.find(rule => rule.id === id)!, outcome: 'held', evidence: [] })
  const entries = [
    entry(1, 0),
    entry(2, 30, { method: 'POST', status: 429, scenario: 'throttled' }),
    entry(3, 50, { status: undefined }),
    entry(4, 70, { isCut: true })
  ]
  t.equal(detailsOf(run(entries, 'one\ntwo\n\n', [held('R1'), held('R2')])), `
busy: R1, R2 held
  #1 at 0 ms: GET /subscriptions?x=1 -> 200 after 5 ms
  #2 at 30 ms: POST /subscriptions?x=1 -> 429 after 5 ms (throttled)
  #3 at 50 ms: GET /subscriptions?x=1 -> no response after 5 ms
  #4 at 70 ms: GET /subscriptions?x=1 -> 200, cut after 5 ms
  | one
  | two
`)
})

t.test('shows at most the last 60 calls, the last 60 lines and 120 characters of a URL', async t => {
  const long = `https://management.azure.com/${'x'.repeat(119)}`
  const entries = Array.from({ length: 61 }, (_, index) => entry(index + 1, index, { url: index === 60 ? `${long}x` : long }))
  const output = Array.from({ length: 62 }, (_, index) => `line ${index + 1}`).join('\n')
  const lines = detailsOf(run(entries, output)).trimEnd().split('\n')
  t.strictSame(lines.slice(0, 4), [
    '',
    'busy: no rule held',
    '  ... 1 more',
    `  #2 at 1 ms: GET /${'x'.repeat(119)} -> 200 after 5 ms`
  ])
  t.strictSame(lines.slice(62, 66), [
    `  #61 at 60 ms: GET /${'x'.repeat(116)}... -> 200 after 5 ms`,
    '  ... 2 more',
    '  | line 3',
    '  | line 4'
  ])
  t.equal(lines.length, 2 + 61 + 61)
})
