import t from 'tap'
import type { Finding } from '../../src/journal/entry.js'
import { judge, rules, type Run } from '../../src/rules/index.js'
import { ClientRun, verdictOf, violationsIn } from '../harness/client-run.js'

const BUSY = { error: { code: 'TooManyRequests', message: 'Too many.' } }

const MISSPELT: Finding =
  { rule: 'contract', severity: 'warning', message: "'CommandId' is in the wrong case", path: 'request.body' }

const UNPUBLISHED: Finding = {
  rule: 'contract',
  severity: 'warning',
  message: "api-version '2024-03-02' of VirtualMachines_RunCommand is not published: use 2024-07-01",
  path: 'request.query.api-version'
}

/** A run whose client keeps the rule, and one whose client breaks only this rule. */
interface Example {
  readonly good: Run
  readonly bad: Run
  /** The sentence of the verdict on the bad run. */
  readonly verdict: string
}

const started = () => new ClientRun().token().runCommand()
const plain = () => started().status('InProgress', { headers: { 'Retry-After': '1' } })
  .status('Succeeded', { after: 1000 }).result()

const throttled = (after: number, headers: Readonly<Record<string, string>>) => new ClientRun().token()
  .runCommand({ status: 429, operationId: null, headers, body: BUSY })
  .runCommand({ after }).status('Succeeded').result().exited()

const examples: Readonly<Record<string, Example>> = {
  R1: {
    good: throttled(1000, { 'Retry-After': '1' }),
    bad: throttled(200, { 'Retry-After': '1' }),
    verdict: 'runCommand was sent again 200 ms after status 429 with Retry-After: 1 (#2, #3): wait at least 1000 ms'
  },
  R2: {
    good: new ClientRun().token().runCommand({ status: 'broken' }).exited(1, 'read ECONNRESET'),
    bad: new ClientRun().token().runCommand({ status: 'broken' }).runCommand({ after: 612, operationId: 'op-2' })
      .status('Succeeded', { operationId: 'op-2' }).result({ operationId: 'op-2' }).exited(),
    verdict: 'runCommand was sent again 612 ms after its connection broke (#2, #3): the script ran twice on vm1'
  },
  R3: {
    good: plain().exited(),
    bad: plain().status('Succeeded').exited(),
    verdict: 'operation op-1 was polled once more after it had succeeded (#4, #6): stop at a terminal status'
  },
  R4: {
    good: plain().exited(),
    bad: started().status('Succeeded', { target: urlWithout('c') }).result().exited(),
    verdict: 'the client did not use the Azure-AsyncOperation of #2 as it is: it dropped c (#3)'
  },
  R5: {
    good: plain().exited(),
    bad: started().result({ status: 202, headers: { 'Retry-After': '1' }, body: '' }).result({ after: 1000 }).exited(),
    verdict: 'Location was polled (#3) although the response has Azure-AsyncOperation (#2): poll that until the operation has ended'
  },
  R6: {
    good: plain().exited(),
    bad: started().status('InProgress', { headers: { 'Retry-After': '1' } }).status('Succeeded', { after: 100 }).result().exited(),
    verdict: 'the operation was polled again 100 ms after Retry-After: 1 (#3, #4): wait at least 1000 ms'
  },
  R7: {
    good: started().status('Canceled').exited(1, 'ERROR: OperationCanceled: It ended.'),
    bad: started().status('Canceled').exited(),
    verdict: 'the operation was canceled (#3), and the command exited with 0'
  },
  R8: {
    good: failedScript().exited(0, '"message": "[stderr]\\nsay \\"no space left\\""'),
    bad: failedScript().exited(0, 'done'),
    verdict: 'the script exited with 3 and Azure reported success (#2): the command\'s output does not show the last line of ' +
      'its stderr, "say \\"no space left\\""'
  },
  R9: {
    good: plain().exited(),
    bad: started().token().status('Succeeded').token().result().exited(),
    verdict: 'the client logged in again 105 ms after it got a token that is good for 3599 s (#1, #3): keep the token'
  },
  R10: {
    good: plain().exited(),
    bad: started().runCommand({ vmName: 'vm2', operationId: 'op-2', entry: { findings: [MISSPELT] } }).exited(),
    verdict: "'CommandId' is in the wrong case (#3)"
  },
  R11: {
    good: plain().get().exited(),
    bad: new ClientRun().token().runCommand({ entry: { findings: [UNPUBLISHED] } }).exited(),
    verdict: "api-version '2024-03-02' of VirtualMachines_RunCommand is not published: use 2024-07-01 (#2)"
  },
  R12: {
    good: plain().exited(),
    bad: new ClientRun().token().runCommand({ clientRequestId: null }).status('Succeeded').result().exited(),
    verdict: 'VirtualMachines_RunCommand was called without x-ms-client-request-id (#2)'
  },
  R13: {
    good: throttledFor(4).exited(1, 'TooManyRequests'),
    bad: throttledFor(11).exited(1, 'TooManyRequests'),
    verdict: 'runCommand failed 11 times in a row and was tried on (#2 to #12): give up after a few tries'
  }
}

for (const { id, sentence } of rules) {
  t.test(`${id}: ${sentence}`, async t => {
    const { good, bad, verdict } = examples[id]!
    t.strictSame(violationsIn(good), [], 'the good client breaks no rule')
    t.equal(verdictOf(id, good).outcome, 'held')
    t.strictSame(violationsIn(bad), [id], 'the bad client breaks only this rule')
    t.equal(verdictOf(id, bad).evidence[0]!.sentence, verdict)
  })
}

t.test('a rule without evidence is not held', async t => {
  const outcomes = judge(new ClientRun().ended()).map(({ outcome }) => outcome)
  t.strictSame(new Set(outcomes), new Set(['no evidence']))
})

t.test('a run without failures gives evidence only for what the client did', async t => {
  const held = judge(plain().exited()).filter(({ outcome }) => outcome === 'held').map(({ rule }) => rule.id)
  t.strictSame(held, ['R3', 'R4', 'R5', 'R6', 'R9', 'R10', 'R11', 'R12'])
})

t.test('the evidence that a rule is held names the entries', async t => {
  const { evidence } = verdictOf('R5', plain().exited())
  t.strictSame(evidence, [{
    isViolation: false,
    sentence: 'it polled Azure-AsyncOperation, then fetched the result once (#4, #5)',
    sequences: [4, 5]
  }])
})

function urlWithout (name: string): string {
  return new ClientRun().runCommand().entries[0]!.response.headers['Azure-AsyncOperation']!.toString()
    .replace(/^https:\/\/[^/]+/, '').replace(new RegExp(`&${name}=[^&]*`), '')
}

function failedScript (): ClientRun {
  return new ClientRun().token().runCommand({ command: { exitCode: 3, stderr: 'first\nsay "no space left"\n' } })
    .status('Succeeded').result()
}

function throttledFor (tries: number): ClientRun {
  const run = new ClientRun().token()
  for (let n = 0; n < tries; n++) {
    run.runCommand({ after: 1000, status: 429, operationId: null, headers: { 'Retry-After': '1' }, body: BUSY })
  }
  return run
}
