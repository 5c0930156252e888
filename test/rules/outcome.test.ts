import t from 'tap'
import { ClientRun, outcomeOf, urlsOf, verdictOf } from '../harness/client-run.js'

const started = () => new ClientRun().runCommand()
const conflict = { status: 409, operationId: null, body: { error: { code: 'Conflict', message: 'Busy.' } } }

t.test('R7: every end except success is a failure', async t => {
  const headers = { Location: `https://management.azure.com${urlsOf().result}` }
  const cases: ReadonlyArray<readonly [ClientRun, string]> = [
    [started().status('Failed'), 'the operation failed (#2), and the command exited with 0'],
    [started().status('', { status: 404 }), 'the operation was lost (#2), and the command exited with 0'],
    [started().status('', { body: '{' }), 'no poll said how the operation ended (#2), and the command exited with 0'],
    [new ClientRun().runCommand({ headers }).result({ status: 409, body: conflict.body }),
      'the operation failed (#2), and the command exited with 0'],
    [new ClientRun().runCommand(conflict), 'the run command was refused with status 409 (#1), and the command exited with 0'],
    [new ClientRun().runCommand({ status: 'broken' }), "the run command's connection broke (#1), and the command exited with 0"],
    [new ClientRun().status('Canceled'), 'the operation was canceled (#1), and the command exited with 0']
  ]
  for (const [run, sentence] of cases) {
    const { outcome, evidence } = verdictOf('R7', run.exited(0))
    t.equal(outcome, 'violated', sentence)
    t.equal(evidence[0]!.sentence, sentence)
  }
})

t.test('R7: there is no failure if a retry succeeds or the client does not poll', async t => {
  t.equal(outcomeOf('R7', new ClientRun().runCommand(conflict).runCommand().status('Succeeded').exited()), 'no evidence')
  t.equal(outcomeOf('R7', started().exited()), 'no evidence')
  t.equal(outcomeOf('R7', new ClientRun().runCommand({ status: 200 }).exited()), 'no evidence')
})

t.test('R7: one failure among several operations is a failure', async t => {
  const run = started().runCommand({ ...conflict, vmName: 'vm2' }).status('Succeeded')
  t.equal(outcomeOf('R7', run.exited()), 'violated')
})

t.test("R7: the output must show Azure's code, or for a canceled operation at least that it was canceled", async t => {
  const { outcome, evidence } = verdictOf('R7', new ClientRun().runCommand(conflict).exited(1, 'It did not work.'))
  t.equal(outcome, 'violated')
  t.strictSame([evidence[0]!.sentence, evidence[0]!.severity], [
    "the run command was refused with status 409 (#1), and the command's output does not show the code Conflict", 'warning'])
  t.equal(outcomeOf('R7', new ClientRun().runCommand(conflict).exited(1, '(Conflict) Busy.')), 'held')
  t.equal(outcomeOf('R7', started().status('Canceled').exited(1, 'Operation was canceled')), 'held')
  t.equal(outcomeOf('R7', started().status('', { status: 404, body: '<html>' }).exited(1)), 'held', 'there is no code')
})

t.test('R7 and R8: there is no evidence before the command ends', async t => {
  t.equal(outcomeOf('R7', started().status('Failed').ended()), 'no evidence')
  const failed = started().status('Succeeded')
  t.equal(outcomeOf('R8', failed.ended()), 'no evidence')
})

t.test('R8: only a script that fails with a message and is reported as successful counts', async t => {
  const run = (exitCode: number, stderr: string) => new ClientRun().runCommand({ command: { exitCode, stderr } })
  t.equal(outcomeOf('R8', run(0, 'a warning').status('Succeeded').exited()), 'no evidence')
  t.equal(outcomeOf('R8', run(1, '').status('Succeeded').exited()), 'no evidence')
  t.equal(outcomeOf('R8', run(1, 'no space').status('Failed').exited(1)), 'no evidence')
  t.equal(outcomeOf('R8', run(1, 'no space').status('Succeeded').exited(1)), 'violated')
  t.equal(outcomeOf('R8', run(1, 'no space\n').status('Succeeded').ended({ stoppedAfterMs: 1, output: 'no space' })), 'held')
  const immediate = new ClientRun().runCommand({ status: 200, command: { exitCode: 1, stderr: 'no space' } })
  t.equal(outcomeOf('R8', immediate.exited()), 'violated')
})

t.test('R8: the output may have the line as JSON, with any characters escaped', async t => {
  const shown = (stderr: string, output: string) =>
    outcomeOf('R8', new ClientRun().runCommand({ command: { exitCode: 1, stderr } }).status('Succeeded').exited(1, output))
  t.equal(shown('größer als "1"', JSON.stringify('größer als "1"')), 'held')
  t.equal(shown('größer als "1"', '"gr\\u00f6\\u00dfer als \\"1\\""'), 'held', "Python's json")
  t.equal(shown("cat: 'a' <b>", '"cat: \\u0027a\\u0027 \\u003Cb\\u003E"'), 'held', "PowerShell's ConvertTo-Json")
  t.equal(shown('größer', 'gr'), 'violated')
})
