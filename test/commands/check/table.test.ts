import t from 'tap'
import type { CheckedRun } from '../../../src/commands/check/checked-run.js'
import { Table } from '../../../src/commands/check/table.js'
import type { JournalEntry } from '../../../src/journal/entry.js'
import { rules, type Verdict } from '../../../src/rules/index.js'

const ENDED = { exitCode: 0, output: '' } as const

/** A verdict whose evidence is these severities, in this order. */
function violated (id: string, ...severities: readonly ('error' | 'warning')[]): Verdict {
  const evidence = severities.map((severity, index) =>
    ({ isViolation: true, severity, sentence: `${severity} ${index}`, sequences: [] }) as const)
  return { rule: rules.find(rule => rule.id === id)!, outcome: 'violated', evidence }
}

function run (name: string, verdicts: readonly Verdict[] = [],
  more: Partial<CheckedRun> = {}): CheckedRun {
  const held: Verdict = { rule: rules[0]!, outcome: 'held', evidence: [] }
  const entries = [{}, {}] as JournalEntry[]
  return { name, end: ENDED, entries, verdicts: [held, ...verdicts], isAffected: true, ...more }
}

t.test('the columns are as wide as the longest name of a scenario', async t => {
  const table = new Table(['busy', 'a-long-scenario'])
  t.equal(table.head, 'scenario         exit  calls  verdict\n')
  t.equal(table.row(run('plain')), 'plain               0      2  ok\n')
  t.equal(table.row(run('busy', [], { end: { exitCode: 130, output: '' } })), 'busy              130      2  ok\n')
  t.equal(new Table([]).head, 'scenario  exit  calls  verdict\n')
})

t.test('each violated rule has a line, with its first error and the number of others', async t => {
  const verdicts = [violated('R1', 'warning', 'error', 'error'), violated('R2', 'error'), violated('R12', 'warning', 'warning')]
  t.equal(new Table([]).row(run('busy', verdicts)), [
    'busy         0      2  R1 violated: error 1 (and 2 more)',
    '                       R2 violated: error 0',
    '                       R12 warning: warning 0 (and 1 more)',
    ''
  ].join('\n'))
})

t.test('a warning that the plain run has, too, is not repeated, unlike an error', async t => {
  const table = new Table([])
  const verdicts = [violated('R1', 'error'), violated('R12', 'warning', 'warning')]
  t.match(table.row(run('plain', verdicts)), 'R12 warning: warning 0 (and 1 more)\n')
  const row = table.row(run('busy', [...verdicts, violated('R10', 'warning')]))
  t.match(row, 'R1 violated: error 0\n')
  t.match(row, 'R12 warning: as in the plain run\n')
  t.match(row, 'R10 warning: warning 0\n')
  t.match(table.row(run('busy', [violated('R1', 'warning')])), 'R1 warning: warning 0\n', 'the plain run has an error')
})

t.test('a run without a violation says whether it was stopped, or the scenario applied to no call', async t => {
  const table = new Table([])
  t.match(table.row(run('busy', [], { isAffected: false })), '  ok, but the scenario applied to no call\n')
  t.match(table.row(run('plain', [], { isAffected: false })), '  ok\n')
  const stopped = run('busy', [], { end: { stoppedAfterMs: 5000, output: '' } })
  t.equal(table.row(stopped), 'busy         -      2  no rule violated, stopped after 5 s\n')
})
