import t from 'tap'
import type { Run } from '../../src/rules/index.js'
import { ClientRun, outcomeOf, urlsOf, verdictOf, type CommandOptions } from '../harness/client-run.js'

const refused = (options: CommandOptions = {}) =>
  new ClientRun().runCommand({ status: 429, operationId: null, ...options })

t.test('R1: the shortest form of Retry-After counts, and an invalid one does not', async t => {
  const cases: ReadonlyArray<readonly [Readonly<Record<string, string>>, number, string]> = [
    [{ 'retry-after': '2' }, 1900, 'violated'],
    [{ 'RETRY-AFTER': '2' }, 2000, 'held'],
    [{ 'retry-after': '2' }, 1980, 'held'],
    [{ 'retry-after-ms': '300' }, 200, 'violated'],
    [{ 'x-ms-retry-after-ms': '300' }, 300, 'held'],
    [{ 'Retry-After': '5', 'retry-after-ms': '300' }, 300, 'held'],
    [{ 'Retry-After': '1', 'retry-after-ms': '5000' }, 1000, 'held'],
    [{ 'Retry-After': '1', 'x-ms-retry-after-ms': '5000' }, 900, 'violated'],
    // The response comes at 03:04:05.055.
    [{ 'Retry-After': 'Fri, 02 Jan 2026 03:04:07 GMT' }, 1900, 'violated'],
    [{ 'Retry-After': 'Fri, 02 Jan 2026 03:04:07 GMT' }, 1945, 'held'],
    [{ 'Retry-After': 'Fri, 02 Jan 2026 03:04:01 GMT' }, 0, 'held'],
    [{ 'Retry-After': '0.5' }, 0, 'no evidence'],
    [{ 'Retry-After': '-1' }, 0, 'no evidence'],
    [{ 'Retry-After': 'soon' }, 0, 'no evidence']
  ]
  for (const [headers, after, expected] of cases) {
    t.equal(outcomeOf('R1', refused({ headers }).runCommand({ after }).exited()), expected, JSON.stringify({ headers, after }))
  }
})

t.test('R1: ignoring retry-after-ms is a warning', async t => {
  const severityAfter = (headers: Readonly<Record<string, string>>) =>
    verdictOf('R1', refused({ headers }).runCommand({ after: 100 }).exited()).evidence[0]!.severity
  t.equal(severityAfter({ 'retry-after-ms': '300' }), 'warning')
  t.equal(severityAfter({ 'retry-after': '1' }), 'error')
})

t.test('R1: the wait also applies to refused polls and logins', async t => {
  const headers = { 'Retry-After': '1' }
  t.equal(outcomeOf('R1', new ClientRun().token({ status: 429, headers }).token({ after: 100 }).exited()), 'violated')
  const polls = new ClientRun().runCommand().status('InProgress', { status: 503, headers }).status('Succeeded', { after: 100 })
  t.equal(outcomeOf('R1', polls.exited()), 'violated')
  t.equal(outcomeOf('R6', polls.exited()), 'no evidence')
})

t.test('R1: the wait also applies after a 400, 404 or 409 with Retry-After, and not after a 202', async t => {
  const after = (status: number) =>
    outcomeOf('R1', refused({ status, headers: { 'Retry-After': '1' } }).runCommand({ after: 100 }).exited())
  for (const status of [400, 404, 409]) t.equal(after(status), 'violated', `${status}`)
  t.equal(after(202), 'no evidence')
})

t.test('R1: a request for another machine, of another client, or sent before the response is not a retry', async t => {
  const headers = { 'Retry-After': '60' }
  t.equal(outcomeOf('R1', refused({ headers }).runCommand({ vmName: 'vm2' }).exited()), 'no evidence')
  t.equal(outcomeOf('R1', refused({ headers }).runCommand({ userAgent: 'other/1.0' }).exited()), 'no evidence')
  t.equal(outcomeOf('R1', refused({ headers, durationMs: 100 }).runCommand({ after: -50 }).exited()), 'no evidence')
})

t.test('R1: the ids of requests tell which one is the retry', async t => {
  const throttled = (clientRequestId: string) => ({ status: 429, headers: { 'Retry-After': '1' }, clientRequestId })
  const twoAtOnce = new ClientRun().token(throttled('one')).token(throttled('two'))
    .token({ clientRequestId: 'one', after: 1000 }).token({ clientRequestId: 'two' })
  t.equal(outcomeOf('R1', twoAtOnce.exited()), 'held')
  const oneGaveUp = new ClientRun().token(throttled('one')).token({ clientRequestId: 'two' })
  t.equal(outcomeOf('R1', oneGaveUp.exited()), 'violated', 'a new request after the last try is a try, too')
  const inQuery = (id: string) => ({
    clientRequestId: null,
    entry: { url: `https://login.microsoftonline.com/t/oauth2/v2.0/token?client-request-id=${id}` }
  })
  const logins = new ClientRun().token({ ...throttled(''), ...inQuery('one') }).token(inQuery('two'))
    .token({ ...inQuery('one'), after: 1000 })
  t.equal(outcomeOf('R1', logins.exited()), 'held')
})

t.test('R1: the sentence names the request, a change by its operation', async t => {
  const options = { status: 429, operationId: null, headers: { 'Retry-After': '1' } }
  const off = { ...options, path: 'virtualMachines/vm1/powerOff' }
  const runs = {
    runCommand: new ClientRun().runCommand(options).runCommand(options),
    'a poll': new ClientRun().runCommand().status('', { status: 503, headers: options.headers }).status('Succeeded'),
    'a token request': new ClientRun().token(options).token(),
    VirtualMachines_PowerOff: new ClientRun().change('VirtualMachines_PowerOff', off).change('VirtualMachines_PowerOff', off)
  }
  for (const [name, run] of Object.entries(runs)) {
    const { sentence } = verdictOf('R1', run.exited(1)).evidence[0]!
    t.ok(sentence.startsWith(`${name} was sent again 50 ms after status `), sentence)
  }
})

t.test('R1 and R6: a virtual clock gives no evidence of waits', async t => {
  const { entries } = refused({ headers: { 'Retry-After': '60' } }).runCommand()
    .status('InProgress', { headers: { 'Retry-After': '60' } }).status('Succeeded')
  const run: Run = { ...new ClientRun().ended(), entries, clock: 'virtual' }
  t.strictSame([outcomeOf('R1', run), outcomeOf('R6', run)], ['no evidence', 'no evidence'])
})

t.test('R2: the response to the first request decides whether a second is a violation', async t => {
  const cases: ReadonlyArray<readonly [CommandOptions, string, string?]> = [
    [{ status: 429, operationId: null }, 'no evidence'],
    [{ status: 409, operationId: null }, 'no evidence'],
    [{ status: 401, operationId: null }, 'no evidence'],
    [{ status: 500, operationId: null }, 'violated', 'warning'],
    [{ status: 503 }, 'violated', 'error'],
    [{ status: 408 }, 'violated', 'error'],
    [{ status: 'broken', operationId: null }, 'violated', 'error']
  ]
  for (const [first, expected, severity] of cases) {
    const verdict = verdictOf('R2', new ClientRun().runCommand(first).runCommand({ operationId: 'op-2' }).exited())
    t.equal(verdict.outcome, expected, JSON.stringify(first))
    t.equal(verdict.evidence[0]?.severity, severity)
  }
})

t.test('R2: the sentence has the known facts', async t => {
  const run = (first: CommandOptions, second: CommandOptions) =>
    verdictOf('R2', new ClientRun().runCommand(first).runCommand({ after: 7, ...second }).exited()).evidence[0]!.sentence
  t.equal(run({ status: 502, operationId: null }, {}),
    'runCommand was sent again 7 ms after status 502 (#1, #2): on Azure the script may have begun')
  t.equal(run({ status: 'broken' }, { status: 409, operationId: null }),
    'runCommand was sent again 7 ms after its connection broke (#1, #2), although the script had begun on vm1')
})

t.test('R2: the same script on another machine or of another client is not a retry', async t => {
  const broken = () => new ClientRun().runCommand({ status: 'broken' })
  t.equal(outcomeOf('R2', broken().runCommand({ vmName: 'vm2', operationId: 'op-2' }).exited()), 'held')
  t.equal(outcomeOf('R2', broken().runCommand({ userAgent: 'other', operationId: 'op-2' }).exited()), 'held')
})

t.test('R2: an accepted request that is sent again with the same id is a retry', async t => {
  const twice = (id: string) =>
    new ClientRun().runCommand({ clientRequestId: 'one' }).runCommand({ clientRequestId: id, operationId: 'op-2' })
  t.equal(outcomeOf('R2', twice('one').exited()), 'violated')
  t.equal(outcomeOf('R2', twice('two').exited()), 'no evidence')
  t.equal(outcomeOf('R2', new ClientRun().runCommand().status('Succeeded').runCommand({ operationId: 'op-2' }).exited()),
    'no evidence', 'a client with one id for all requests')
})

t.test('R13: a success restarts the count', async t => {
  const run = new ClientRun().runCommand()
  for (let n = 1; n <= 20; n++) run.status('InProgress', { after: 1000, status: n % 10 === 0 ? 200 : 503 })
  t.equal(outcomeOf('R13', run.status('Succeeded').exited()), 'no evidence')
})

t.test('R13: unreadable responses to polls are failures', async t => {
  for (const body of ['{', 'null', '1', '[]']) {
    const [ofStatus, ofResult] = [new ClientRun().runCommand(), new ClientRun().runCommand()]
    for (let n = 1; n <= 11; n++) ofStatus.status('', { after: 1000, body })
    for (let n = 1; n <= 11; n++) ofResult.result({ after: 1000, body })
    t.equal(outcomeOf('R13', ofStatus.exited(1)), 'violated', body)
    t.equal(outcomeOf('R13', ofResult.exited(1)), 'violated', body)
  }
})

t.test('R13: a client that was stopped during its retries gives no evidence', async t => {
  const run = new ClientRun().runCommand({ status: 503 }).runCommand({ status: 503 })
  t.equal(outcomeOf('R13', run.ended({ stoppedAfterMs: 60_000, output: '' })), 'no evidence')
  t.equal(outcomeOf('R13', run.exited(1)), 'held')
})

t.test('R13: requests that were sent at once are not tries of one request', async t => {
  const noId = new ClientRun()
  for (let n = 0; n < 11; n++) noId.token({ status: 503, after: -50, durationMs: 60, clientRequestId: null })
  t.equal(outcomeOf('R13', noId.token({ after: 500 }).exited()), 'no evidence')
  const byId = new ClientRun()
  for (let n = 0; n < 22; n++) byId.token({ status: 503, clientRequestId: `${n % 11}` })
  t.equal(outcomeOf('R13', byId.exited(1)), 'held')
})

t.test('R13: retries of retries count, whatever their ids', async t => {
  const run = new ClientRun()
  for (let n = 0; n < 12; n++) run.runCommand({ status: 503, operationId: null, clientRequestId: `${Math.floor(n / 4)}` })
  const { outcome, evidence } = verdictOf('R13', run.exited(1))
  t.equal(outcome, 'violated')
  t.equal(evidence[0]!.sentence,
    'runCommand failed 12 times in a row and was tried on (#1 to #12): give up after a few tries')
})

t.test('R13: a retry of two requests counts as one of the request that was tried more often', async t => {
  const run = new ClientRun()
  for (let n = 0; n < 10; n++) run.runCommand({ status: 503, operationId: null, clientRequestId: 'one' })
  run.runCommand({ status: 503, operationId: null, clientRequestId: 'two', after: -5 })
  run.runCommand({ status: 503, operationId: null, clientRequestId: 'three' })
  const { evidence } = verdictOf('R13', run.exited(1))
  t.match(evidence[0]!.sentence, /^runCommand failed 11 times in a row .*\(#1 to #12\)/)
})

t.test('R13: polls of other operations do not count as retries', async t => {
  const run = new ClientRun()
  for (let n = 1; n <= 12; n++) {
    const operationId = `op-${n}`
    run.runCommand({ operationId, vmName: `vm${n}` }).status('', { operationId, target: urlsOf(operationId).status, status: 503 })
  }
  t.equal(outcomeOf('R13', run.exited(1)), 'held')
})
