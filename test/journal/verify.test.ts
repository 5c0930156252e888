import t, { type Test } from 'tap'
import { NotVerified, TooFewRequests, UsageError, type Expectation } from '../../src/index.js'
import { Journal } from '../../src/journal/journal.js'
import { othersFirst } from '../../src/time/turns.js'
import { build, runCommand } from '../harness/emulator.js'
import { FACTS } from '../harness/facts.js'
import { matchList } from '../harness/match-list.js'
import { whole } from '../harness/whole.js'

/** An emulator that has received these scripts, in this order. */
async function sent (t: Test, ...scripts: string[]) {
  const emulator = await build(t, { respond: 'immediate' })
  for (const script of scripts) await runCommand(emulator, { commandId: 'RunShellScript', script: [script] })
  return emulator
}

const expecting = (...expected: [script: string, times?: string][]): Expectation[] =>
  expected.map(([script, times]) => ({ match: { script }, ...times !== undefined && { times } }))

/** The failures, as text. */
async function problems (t: Test, scripts: string, expectations: Expectation[], inOrder = true): Promise<string[]> {
  const { journal } = await sent(t, ...scripts)
  const verified = journal.verify(expectations, { inOrder })
  const failures = await verified.then(() => [], (error: NotVerified) => error.failures)
  return failures.map(({ text }) => text)
}

t.test('expectations count requests in any order unless inOrder is set', async t => {
  t.same(await problems(t, 'bba', expecting(['a'], ['b', '2']), false), [])
  t.same(await problems(t, 'bba', expecting(['a'], ['b', '2'])),
    ['expectation 2: #1 matches it in the wrong place: the requests for expectation 1 must come before it.'])
})

t.test('a filter or an expectation with an unknown member is refused, and does not match everything', async t => {
  const { journal } = await sent(t, 'a')
  const typo = { scrpt: 'b' } as object
  const refused = { name: 'UsageError', message: "'scrpt' is not a member of a match; did you mean 'script'?" }
  t.throws(() => journal.list(typo), refused)
  t.throws(() => journal.list({ zzz: 'b' } as object), { message: /^'zzz' is not a member of a match; expected one of subscriptionId, operation, / })
  await t.rejects(journal.waitFor(typo), refused)
  await t.rejects(journal.verify([{ match: typo, times: '0' }]), refused)
  await t.rejects(journal.verify([{ mtch: {} } as never]), { name: 'UsageError', message: "expectation 1 must have 'match'" })
})

t.test('an empty list of expectations is refused, because it verifies nothing', async t => {
  const { journal } = await sent(t, 'a')
  const refused = { name: 'UsageError', message: "'expectations' must not be empty: to expect no request, use { match: {}, times: '0' }" }
  await t.rejects(journal.verify([]), refused)
  await t.rejects(journal.verify([], { inOrder: true }), refused)
})

t.test('with inOrder requests must come in the order of the expectations', async t => {
  t.same(await problems(t, 'aabbc', expecting(['a', '1-2'], ['b', '2'], ['c'])), [])
  t.same(await problems(t, 'axbya', expecting(['a', '1'], ['b', '1'], ['a', '1'])), [], 'an expectation may come again')
  t.same(await problems(t, 'ab', expecting(['*'], ['b', '1'])), [], 'a request that matches two counts where it fits')
  t.same(await problems(t, 'ac', expecting(['a'], ['b', '0'], ['c'])), [])
  t.same(await problems(t, 'aba', expecting(['a'], ['b'])),
    ['expectation 1: #3 matches it in the wrong place: it must not come after a request for expectation 2.'])
  t.same(await problems(t, 'aab', expecting(['a', '1'], ['b'])),
    ['expectation 1: #2 matches it in the wrong place: there are enough of them already.'])
  t.same(await problems(t, 'abc', expecting(['a'], ['b', '0'], ['c'])),
    ['expectation 2: #2 matches it, but no request may.'])
  t.same(await problems(t, 'ab', expecting(['a', '1'], ['b', '1'], ['a', '1'])),
    ['expectation 3: too few requests match it after those of the expectations before it. It matches #1.'])
})

t.test('with inOrder too few requests are reported as such, with the nearest', async t => {
  t.same(await problems(t, 'a', expecting(['a'], ['b', '2-3'])), [
    "expectation 2: expected 2 to 3 requests with script 'b', found 0. The nearest is #1: script: sent 'a', expected 'b'."
  ])
})

t.test('the nearest of requests that differ in the same members has the most similar text, or is the newest', async t => {
  const { journal } = await sent(t, 'df -h', 'uptime', 'df -k', 'ls')
  const nearestOf = async (script: string) => await journal.verify(expecting([script]))
    .catch(({ failures }: NotVerified) => failures[0]!.nearest.map(({ sequence }) => sequence))
  t.same(await nearestOf('df*/'), [3, 1, 4])
  t.same(await nearestOf('df -H'), [1, 3, 4], 'the one that differs only in case')
  t.same(await nearestOf('up time'), [2, 4, 3])
  t.same(await nearestOf('*xyz'), [4, 3, 2], 'the newest if none is similar')
})

t.test('an expected text is prepared once, however many requests it is compared with', { timeout: 15_000 }, async t => {
  const { journal } = await sent(t, ...Array.from({ length: 200 }, (_, index) => `uptime ${index}`))
  const nearest = await journal.verify(expecting(['*x'.repeat(1_500_000)]))
    .catch(({ failures }: NotVerified) => failures[0]!.nearest.map(({ sequence }) => sequence))
  t.same(nearest, [200, 199, 198])
})

t.test('the errors have the found and the nearest requests', async t => {
  const { journal } = await sent(t, 'a')
  await t.rejects(journal.verify(expecting(['a', 'x'])), UsageError)
  const failure = await journal.waitFor({ script: 'b' }, { timeout: 0 }).catch((error: unknown) => error)
  t.type(failure, TooFewRequests)
  t.match(failure, { found: { length: 0 }, message: /^0 of 1 requests with script 'b' came/ })
  matchList(t, (failure as TooFewRequests).nearest, [{ sequence: 1 }])
  const unverified = await journal.verify([{ match: { header: { 'User-Agent': 'x*' }, parameters: { a: 'b' }, method: 'GET' } }])
    .catch((error: unknown) => error)
  t.type(unverified, NotVerified)
  t.match(unverified, {
    name: 'NotVerified',
    message: "expectation 1: expected at least 1 request with method 'GET' and parameters.a 'b' and header.User-Agent 'x*', found 0. " +
      "The nearest is #1: method: sent 'POST', expected 'GET'; parameters.a: sent nothing, expected 'b'; " +
      "header.User-Agent: sent 'lightMyRequest', expected 'x*'."
  })
})

t.test('the nearest request says what its status and its scenarios were, not what the client sent', async t => {
  const { journal } = await sent(t, 'a')
  await t.rejects(journal.waitFor({ status: 429, scenario: 'busy' }, { timeout: 0 }),
    { name: 'TooFewRequests', nearest: [{ differences: ["status: was '200', expected '429'", "scenario: was nothing, expected 'busy'"] }] })
})

t.test('a request that matches is not the nearest of those that are missing', async t => {
  const { journal } = await sent(t, 'a', 'b')
  await t.rejects(journal.waitFor({ script: 'a' }, { count: 2, timeout: 0 }),
    { name: 'TooFewRequests', nearest: [{ sequence: 2 }] })
  await t.rejects(journal.waitFor({}, { count: 3, timeout: 0 }),
    { nearest: { length: 0 }, message: /^2 of 3 requests of any kind came/ })
})

t.test('a text of several lines is shown as one line, and a long text by its beginning', async t => {
  const { journal } = await sent(t, 'x'.repeat(101))
  await t.rejects(journal.waitFor({ script: 'a\nb' }, { timeout: 0 }), {
    message: /^0 of 1 requests with script 'a\\nb' came/,
    nearest: [{ differences: [`script: sent '${'x'.repeat(100)}...', expected 'a\\nb'`] }]
  })
})

t.test('a failure names the first ten of the requests that match', async t => {
  const texts = (count: number) => problems(t, 'a'.repeat(count), expecting(['a', '0']), false)
  t.match(await texts(10), [/ found 10: (?:#\d+, ){9}#10\.$/])
  t.match(await texts(12), [/ found 12: (?:#\d+, ){9}#10 and 2 more\.$/])
})

t.test('only the first 20 failures have their nearest requests, each of which takes a search of the journal', async t => {
  const { journal } = await sent(t, 'a')
  const failure = await journal.verify(expecting(...Array.from({ length: 30 }, (): [string] => ['x']))).catch((error: unknown) => error)
  const { failures } = failure as NotVerified
  t.strictSame(failures.map(({ nearest }) => nearest.length), [...Array(20).fill(1), ...Array(10).fill(0)])
  t.match(failures[29]!.text, /^expectation 30: expected at least 1 request with script 'x', found 0\.$/)
})

t.test('a long verification lets requests go first, and misses none of those that come meanwhile', async t => {
  const emulator = await sent(t, ...Array.from({ length: 300 }, (_, index) => `uptime ${index}`))
  const { journal } = whole(emulator)
  const many = Array.from({ length: 1000 }, (_, index): [string] => [`uptime ${index % 300}`])
  const verified = journal.verify(expecting(...many, ['late']), { timeout: 60_000 })
  await othersFirst()
  t.equal(journal.waiting, 0, 'it is still reading the kept requests')
  await runCommand(emulator, { commandId: 'RunShellScript', script: ['late'] })
  t.equal(await verified, 1001)
})

t.test('a verification that waits ends with the request that meets it, whatever comes at once', async t => {
  const journal = new Journal()
  const texts = { url: '/', head: '\nGET\nhttp://x', body: '', response: '' }
  for (const inOrder of [false, true]) {
    journal.clear()
    const verified = journal.verify([{ match: { method: 'GET' }, times: '2' }], { inOrder, timeout: 60_000 })
    await othersFirst()
    for (let count = 0; count < 3; count++) journal.record(FACTS, texts)
    t.equal(await verified, 1)
  }
})

t.test('a wait ends with the reason of its signal', async t => {
  const emulator = await sent(t, 'a')
  const reason = new Error('enough')
  const abort = new AbortController()
  const waiting = emulator.journal.waitFor({ script: 'b' }, { timeout: 3_600_000, signal: abort.signal })
  abort.abort(reason)
  await t.rejects(waiting, reason)
  t.equal(whole(emulator).journal.waiting, 0)
})
