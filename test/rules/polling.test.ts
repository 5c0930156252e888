import t from 'tap'
import { ClientRun, outcomeOf, urlsOf, verdictOf, violationsIn } from '../harness/client-run.js'

const { status, result } = urlsOf()
const LOCATION_ONLY = { Location: `https://management.azure.com${result}` }
const started = () => new ClientRun().runCommand()

t.test('R4: a changed URL is an error or, if Azure would accept it, a warning', async t => {
  const cases: ReadonlyArray<readonly [string, string, 'error' | 'warning']> = [
    [status.replace('&c=Cert', '').replace('t=1', 't=2'), 'dropped c and changed t', 'error'],
    [status.replace('/subscriptions/', '/Subscriptions/'), 'changed the case of the path', 'error'],
    [status.replace('/westus/', '/eastus/'), 'changed the path', 'error'],
    [status.replace('c=Cert', 'c=cert'), 'changed c', 'error'],
    [status.replace('c=Cert&s=Sig', 'c=&s=').replace('p=part&', '').replace('t=1&', ''), 'dropped p, t and changed c, s', 'error'],
    [status.slice(0, -10), `cut it off after ${status.length - 10} of its ${status.length} characters`, 'error'],
    [status.replace('2024-03-01', '2024-07-01'), 'changed api-version', 'warning'],
    [`${status}&x=1`, 'added x', 'warning'],
    [status.replace('&s=Sig&h=Hash', '&h=Hash&s=Sig'), 'changed the order of the query', 'warning']
  ]
  for (const [target, did, severity] of cases) {
    const { outcome, evidence } = verdictOf('R4', started().status('Succeeded', { target }).exited())
    t.equal(outcome, 'violated', target)
    t.equal(evidence[0]!.sentence, `the client did not use the Azure-AsyncOperation of #1 as it is: it ${did} (#2)`)
    t.equal(evidence[0]!.severity, severity)
  }
})

t.test('R4: other escapes of the same characters are allowed, unless they separate parameters', async t => {
  t.equal(outcomeOf('R4', started().status('Succeeded', { target: status.replace('Cert', '%43ert') }).exited()), 'held')
  const headers = { 'Azure-AsyncOperation': `https://management.azure.com${status}%26x%3D1` }
  t.equal(outcomeOf('R4', new ClientRun().runCommand({ headers }).status('Succeeded', { target: `${status}&x=1` }).exited()),
    'violated')
})

t.test('R4: a poll must use the URL of the newest response', async t => {
  const moved = `${status}&move=1`
  const polled = (target: string) =>
    started().status('InProgress', { headers: { 'azure-asyncoperation': `https://management.azure.com${moved}` } })
      .status('Succeeded', { target, after: 1000 }).exited()
  t.equal(outcomeOf('R4', polled(moved)), 'held')
  const { outcome: old, evidence } = verdictOf('R4', polled(status))
  t.equal(old, 'violated')
  t.equal(evidence[0]!.sentence, 'the client did not use the Azure-AsyncOperation of #2 as it is: it polled an older one (#3)')
  const shorter = { 'azure-asyncoperation': `https://management.azure.com${status.replace('&h=Hash', '')}` }
  const late = started().status('InProgress', { headers: shorter }).status('Succeeded', { after: 1000 }).exited()
  t.equal(verdictOf('R4', late).evidence[0]!.severity, 'error', 'even if the older one only has more parameters')
})

t.test('R4: a poll that was sent before the newer URL was received may use the older one', async t => {
  const headers = { 'Azure-AsyncOperation': `https://management.azure.com${status}&move=1` }
  const run = started().status('InProgress', { headers, durationMs: 100 }).status('Succeeded', { after: -50 })
  t.equal(outcomeOf('R4', run.exited()), 'held')
})

t.test('R4: relative URLs are resolved, and an invalid URL gives no evidence', async t => {
  const withUrl = (url: string) => new ClientRun().runCommand({ headers: { 'Azure-AsyncOperation': url } })
  t.equal(outcomeOf('R4', withUrl(status).status('Succeeded').exited()), 'held')
  t.equal(outcomeOf('R4', withUrl(`//other${status}`).status('Succeeded').exited()), 'held')
  t.equal(outcomeOf('R4', withUrl('elsewhere').status('Succeeded').exited()), 'violated')
  t.equal(outcomeOf('R4', withUrl('http://[').status('Succeeded').exited()), 'no evidence')
})

t.test('R5: the result is fetched once, not counting a late result or a failed request', async t => {
  const done = () => started().status('Succeeded')
  t.equal(outcomeOf('R5', done().result({ status: 202 }).result({ status: 'broken' }).result().exited()), 'held')
  t.equal(outcomeOf('R5', done().result({ status: 204 }).exited()), 'held')
  const { outcome: twice, evidence } = verdictOf('R5', done().result().result().exited())
  t.equal(twice, 'violated')
  t.equal(evidence[0]!.sentence, 'the result of operation op-1 was fetched 2 times (#3, #4): once suffices')
  t.strictSame(violationsIn(done().result().result().exited()), ['R5'])
})

t.test('R3 and R5: a request may be repeated after a truncated response', async t => {
  const run = new ClientRun().runCommand().status('Succeeded', { entry: { isCut: true } }).status('Succeeded')
    .result({ entry: { isCut: true } }).result().exited()
  t.strictSame(violationsIn(run), [])
  t.equal(outcomeOf('R5', run), 'held')
})

t.test('R5: a result that is never fetched is a warning after the client has ended', async t => {
  const { outcome: never, evidence } = verdictOf('R5', started().status('Succeeded').exited())
  t.equal(never, 'violated')
  t.equal(evidence[0]!.severity, 'warning')
  const early = started().status('', { status: 503 }).result({ status: 202 }).status('Succeeded').exited()
  t.equal(verdictOf('R5', early).evidence[0]!.severity, 'warning', 'even if Location was polled before the end')
  t.equal(outcomeOf('R5', started().status('Succeeded').ended()), 'no evidence')
  t.equal(outcomeOf('R5', started().status('Failed').exited(1)), 'held')
})

t.test('R5: Location may be polled if there is no status or the status fails', async t => {
  const located = new ClientRun().runCommand({ headers: LOCATION_ONLY }).result({ status: 202 }).result({ after: 1000 })
  t.strictSame(violationsIn(located.exited()), [])
  t.equal(outcomeOf('R5', located.exited()), 'no evidence')
  const fallback = started().status('', { status: 400 }).result({ status: 202 }).result({ after: 1000 })
  t.not(outcomeOf('R5', fallback.exited()), 'violated')
})

t.test('R6: three polls at once without a Retry-After are a violation, two are not', async t => {
  const polled = (...gaps: number[]) =>
    gaps.reduce((run, after) => run.status('InProgress', { after }), started()).status('Succeeded', { after: 1000 }).exited()
  t.equal(outcomeOf('R6', polled(0, 0)), 'held')
  t.equal(outcomeOf('R6', polled(0, 1000, 1000)), 'held')
  const { outcome: storm, evidence } = verdictOf('R6', polled(0, 10, 10))
  t.equal(storm, 'violated')
  t.equal(evidence[0]!.sentence,
    'the operation was polled twice more within 25 ms without a Retry-After (#2, #4): wait a second between polls')
})

t.test('R6: polling at once if allowed, and polling two operations in turn, keep the rule', async t => {
  const headers = { 'Retry-After': '1', 'retry-after-ms': '1' }
  t.equal(outcomeOf('R6', started().status('InProgress', { headers }).status('Succeeded', { after: 0 }).exited()), 'no evidence')
  const wait = { headers: { 'Retry-After': '1' } }
  const both = started().runCommand({ vmName: 'vm2', operationId: 'op-2' })
  for (const after of [0, 950]) both.status('InProgress', { after, ...wait }).status('InProgress', { operationId: 'op-2', ...wait })
  t.equal(outcomeOf('R6', both.exited()), 'held')
})

t.test('R6: a poll that was sent before the response to the poll before could not know how long to wait', async t => {
  const headers = { 'Retry-After': '1' }
  const sideBySide = started().status('InProgress', { headers, durationMs: 100 }).status('Succeeded', { after: -50 })
  t.equal(outcomeOf('R6', sideBySide.exited()), 'no evidence')
})

t.test('R6: a wait that is within the tolerance allows to poll at once', async t => {
  const after = (ms: number) =>
    outcomeOf('R6', started().status('InProgress', { headers: { 'retry-after-ms': `${ms}` } }).status('Succeeded', { after: 0 }).exited())
  t.equal(after(20), 'no evidence')
  t.equal(after(21), 'violated')
})

t.test('R6: the wait of one client does not apply to another client of the same operation', async t => {
  const headers = { 'Retry-After': '1' }
  const run = started().status('InProgress', { headers, userAgent: 'one' }).status('Succeeded', { userAgent: 'two' })
  t.equal(outcomeOf('R6', run.exited()), 'no evidence')
})
