import t from 'tap'
import type { Finding } from '../../src/journal/entry.js'
import { findingsOf, judge } from '../../src/rules/index.js'
import { ClientRun, outcomeOf, verdictOf } from '../harness/client-run.js'
import { matchList } from '../harness/match-list.js'

const found = (finding: Partial<Finding>) => new ClientRun().runCommand({
  entry: { findings: [{ rule: 'contract', severity: 'error', message: 'it is wrong', ...finding }] }
}).exited()

t.test('R10: a contract finding counts if it is about the request and belongs to no other rule', async t => {
  t.equal(outcomeOf('R10', found({ path: 'request.body.script' })), 'violated')
  t.equal(outcomeOf('R10', found({ path: 'request.query.expand' })), 'violated')
  t.equal(outcomeOf('R10', found({ path: 'response.headers.Location' })), 'held')
  t.equal(outcomeOf('R10', found({ path: 'request.query.api-version' })), 'held')
  t.equal(outcomeOf('R10', found({ path: 'request.query.API-Version' })), 'held', 'a name that good clients write in any case')
  t.equal(outcomeOf('R10', found({ path: 'request.headers.x-ms-client-request-id' })), 'held')
  t.equal(outcomeOf('R10', found({ rule: 'R4', path: 'request.url' })), 'held')
  for (const request of [{ headers: {} }, { headers: {}, body: '' }]) {
    t.equal(outcomeOf('R10', new ClientRun().get({ entry: { request } }).exited()), 'no evidence', 'nothing that was sent could be wrong')
  }
})

t.test('R10: an error stays an error, a warning a warning, and both name the request', async t => {
  for (const severity of ['error', 'warning'] as const) {
    const { evidence } = verdictOf('R10', found({ path: 'request.body.script', severity }))
    matchList(t, evidence, [{ severity, sentence: 'it is wrong (#1)', sequences: [1] }], severity)
  }
  t.equal(outcomeOf('R10', found({ path: 'request.url', severity: 'note' })), 'no evidence', 'a note is about azrun, not about the client')
})

t.test('R10, R11 and R12: requests to another service than Resource Manager are not judged', async t => {
  const run = new ClientRun().result({ target: '/v1.0/me', clientRequestId: '' }).exited()
  for (const id of ['R10', 'R11', 'R12']) t.equal(outcomeOf(id, run), 'no evidence', id)
})

t.test('R11: judges what the contract says of api-versions, and exempts polls', async t => {
  const called = (severity?: Finding['severity']) => new ClientRun()
    .runCommand({ entry: { findings: severity === undefined ? [] : [versionFinding(severity)] } }).exited()
  t.equal(outcomeOf('R11', called()), 'held')
  for (const severity of ['error', 'warning'] as const) {
    const { outcome, evidence } = verdictOf('R11', called(severity))
    t.strictSame([outcome, evidence[0]!.sentence, evidence[0]!.severity], ['violated', 'the version is wrong (#1)', severity])
  }
  t.equal(outcomeOf('R11', called('note')), 'no evidence', 'a version that may have been published later')
  const twice = new ClientRun().runCommand({ entry: { findings: [versionFinding('note'), versionFinding('warning')] } }).exited()
  t.equal(verdictOf('R11', twice).evidence.length, 1, 'a version that is sent twice has two findings')
  t.equal(outcomeOf('R11', new ClientRun().get({ entry: { operation: undefined } }).exited()), 'no evidence')
  t.equal(outcomeOf('R11', new ClientRun().status('Succeeded', { entry: { findings: [versionFinding('error')] } }).exited()), 'no evidence')
})

t.test('R12: a request to Resource Graph, which is in no subscription, needs an id', async t => {
  const asked = new ClientRun().get({
    clientRequestId: null,
    entry: {
      method: 'POST',
      operation: 'ResourceGraph_Resources',
      url: 'https://management.azure.com/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01'
    }
  }).ended()
  t.equal(outcomeOf('R12', asked), 'violated')
})

t.test('R12: a request for no operation is named by its method', async t => {
  const { evidence } = verdictOf('R12', new ClientRun().get({ clientRequestId: null, entry: { operation: undefined } }).ended())
  t.strictSame(evidence.map(({ sentence }) => sentence), ['GET was called without x-ms-client-request-id (#1)'])
})

t.test('R11: a version that Azure deprecates is a violation', async t => {
  const { outcome, evidence } = verdictOf('R11', new ClientRun()
    .runCommand({ headers: { 'azure-deprecating': 'https://aka.ms/x' } }).exited())
  t.equal(outcome, 'violated')
  t.strictSame([evidence[0]!.sentence, evidence[0]!.severity], ['VirtualMachines_RunCommand was called with an api-version ' +
    'that Azure says is deprecated (#1): use a newer one', 'warning'])
})

t.test('R12: the header matches in any case, and logins need none', async t => {
  const sent = { clientRequestId: null, requestHeaders: { 'X-MS-Client-Request-Id': 'an-id' } }
  t.equal(outcomeOf('R12', new ClientRun().runCommand(sent).exited()), 'held')
  t.equal(outcomeOf('R12', new ClientRun().token({ clientRequestId: null }).exited()), 'no evidence')
})

t.test('a violation is a finding with the sequence of its last entry', async t => {
  const run = new ClientRun().runCommand({ status: 'broken' }).runCommand({ after: 10, operationId: 'op-2' })
  t.strictSame(findingsOf(judge(run.ended())), [{
    rule: 'R2',
    severity: 'error',
    message: 'runCommand was sent again 10 ms after its connection broke (#1, #2): the script ran twice on vm1',
    sequence: 2
  }])
})

function versionFinding (severity: Finding['severity']): Finding {
  return { rule: 'contract', severity, path: 'request.query.api-version', message: 'the version is wrong' }
}
