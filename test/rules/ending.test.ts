import t from 'tap'
import { ClientRun, outcomeOf, urlsOf, verdictOf } from '../harness/client-run.js'

const started = () => new ClientRun().runCommand()
const stopped = { stoppedAfterMs: 60_000, output: '' }

t.test('R3: the sentence names only the first of many polls after the end', async t => {
  const run = new ClientRun().runCommand()
  for (let count = 0; count < 100; count++) run.status('', { status: 404 })
  t.match(verdictOf('R3', run.exited(1)).evidence[0]!.sentence,
    /^operation op-1 was polled 99 times more after it had ended with 404 \(#2, #3, #4, #5, #6 and 95 more\): stop/)
})

t.test('R3: one request for the result is allowed after a failure', async t => {
  const failed = () => started().status('Failed')
  t.equal(outcomeOf('R3', failed().exited(1)), 'held')
  t.equal(outcomeOf('R3', failed().result({ status: 503 }).result({ status: 409 }).exited(1)), 'held')
  t.equal(outcomeOf('R3', failed().result({ status: 409 }).result({ status: 409 }).exited(1)), 'violated')
  t.equal(outcomeOf('R3', failed().status('Failed').exited(1)), 'violated')
})

t.test('R3: a 410 ends an operation, too', async t => {
  const gone = started().status('', { status: 410 }).status('', { status: 410 })
  t.equal(verdictOf('R3', gone.exited(1)).evidence[0]!.sentence,
    'operation op-1 was polled once more after it had ended with 410 (#2, #3): stop at a terminal status')
})

t.test('R3: a 404 ends an operation, unless the client changed the URL', async t => {
  const lost = started().status('', { status: 404 }).status('', { status: 404 })
  const { outcome, evidence } = verdictOf('R3', lost.exited(1))
  t.equal(outcome, 'violated')
  t.equal(evidence[0]!.sentence,
    'operation op-1 was polled once more after it had ended with 404 (#2, #3): stop at a terminal status')
  const mangled = { status: 404, target: urlsOf().status.replace('h=Hash', '') }
  t.equal(outcomeOf('R3', started().status('', mangled).status('', mangled).exited(1)), 'no evidence')
})

t.test('R3 and R7: the gateway can refuse a poll, but not end an operation', async t => {
  const headers = { 'x-ms-failure-cause': 'gateway' }
  const body = { error: { code: 'MethodNotAllowed', message: 'Use GET.' } }
  const run = started().result({ status: 405, headers, body, entry: { method: 'HEAD' } }).status('Succeeded').result()
  t.equal(outcomeOf('R3', run.exited()), 'held')
  t.equal(outcomeOf('R7', run.exited()), 'no evidence')
})

t.test('R3 and R7: an error that asks for another try or login, or an error instead of a status, does not end an operation', async t => {
  const body = { error: { code: 'InternalServerError', message: 'Try again.' } }
  for (const status of [401, 403, 408, 429, 500]) {
    const run = started().result({ status, body }).status('', { status, body }).status('Succeeded').result()
    t.equal(outcomeOf('R3', run.exited()), 'held', `${status}`)
    t.equal(outcomeOf('R7', run.exited()), 'no evidence', `${status}`)
  }
  const refused = started().status('', { status: 400, body }).status('Succeeded').result()
  t.equal(outcomeOf('R7', refused.exited()), 'no evidence')
})

t.test('R3: with Location alone the result is the end', async t => {
  const headers = { location: `https://management.azure.com${urlsOf().result}` }
  const fetched = new ClientRun().runCommand({ headers }).result({ status: 202 }).result({ after: 1000 })
  t.equal(outcomeOf('R3', fetched.exited()), 'held')
  t.equal(outcomeOf('R3', fetched.result().exited()), 'violated')
})

t.test('R3: a poll that was sent before the end was received does not count', async t => {
  const run = started().status('Succeeded', { durationMs: 100 }).status('Succeeded', { after: -50 })
  t.equal(outcomeOf('R3', run.exited()), 'held')
})

t.test('R3: each operation and each client has its own end', async t => {
  const parallel = started().runCommand({ vmName: 'vm2', operationId: 'op-2' }).status('Succeeded')
    .status('InProgress', { operationId: 'op-2' }).result().status('Succeeded', { operationId: 'op-2', after: 1000 })
  t.equal(outcomeOf('R3', parallel.exited()), 'held')
  const watched = started().status('Succeeded', { userAgent: 'one' }).status('Succeeded', { userAgent: 'two' })
  t.equal(outcomeOf('R3', watched.exited()), 'held')
})

t.test('R3: a stopped client hangs unless a response told it to wait', async t => {
  const cases: ReadonlyArray<readonly [ClientRun, string | undefined]> = [
    [new ClientRun(), 'the command was still running after 60 s and had sent nothing'],
    [started().status('Succeeded').result(), 'the command was still running after 60 s, and its last call had status 200 (#3)'],
    [started().status('Succeeded', { durationMs: 1000 }).result({ after: -900 }),
      'the command was still running after 60 s, and its last call had status 200 (#2)'],
    [started().status('', { status: 'broken' }),
      'the command was still running after 60 s, and nothing was sent after the connection of #2 broke or stalled: set a timeout'],
    [started(), undefined],
    [started().status('InProgress'), undefined],
    [started().status('Running'), undefined],
    [started().status('Waiting'), 'the command was still running after 60 s, and its last call had status 200 (#2)'],
    [started().status('Waiting', { headers: { 'Retry-After': '60' } }), undefined],
    [new ClientRun().runCommand({ status: 503, operationId: null }), undefined]
  ]
  for (const [run, sentence] of cases) {
    t.equal(verdictOf('R3', run.ended(stopped)).evidence.find(({ isViolation }) => isViolation)?.sentence, sentence)
  }
})
