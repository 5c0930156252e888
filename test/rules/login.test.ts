import t from 'tap'
import { ClientRun, outcomeOf } from '../harness/client-run.js'

const twice = (options: Parameters<ClientRun['token']>[0] = {}, first: typeof options = {}) =>
  new ClientRun().token(first).runCommand().token(options).status('Succeeded').exited()

t.test('R9: a client may log in again shortly before its token expires', async t => {
  t.equal(outcomeOf('R9', twice({ after: 3_300_000 })), 'held')
  t.equal(outcomeOf('R9', twice({ after: 3_200_000 })), 'violated')
  t.equal(outcomeOf('R9', twice({}, { body: { expires_in: 5 } })), 'held')
  t.equal(outcomeOf('R9', twice({}, { body: { expires_on: '1767330245' } })), 'violated', 'the form of managed identities')
  t.equal(outcomeOf('R9', twice({}, { body: {} })), 'no evidence', 'the lifetime is unknown')
})

t.test('R9: a client may log in again after a challenge', async t => {
  const run = new ClientRun().token().runCommand({ status: 401, operationId: null }).token().runCommand()
  t.equal(outcomeOf('R9', run.exited()), 'held')
})

t.test('R9: a login that was sent before the response to the one before could not know its token', async t => {
  t.equal(outcomeOf('R9', new ClientRun().token({ durationMs: 100 }).token({ after: -50 }).exited()), 'no evidence')
})

t.test('R9: a challenge after the next login does not excuse that', async t => {
  const run = new ClientRun().token().runCommand().token().runCommand({ status: 401, operationId: null })
  t.equal(outcomeOf('R9', run.exited(1)), 'violated')
})

t.test('R9: a login with another audience, claim, tenant or client does not count, nor a refused one', async t => {
  const form = (text: string) => ({ entry: { request: { headers: {}, body: text } } })
  const app = 'grant_type=client_credentials&client_id=app'
  for (const other of [`${app}&scope=b`, `${app}&scope=a&claims=%7B%7D`, 'client_id=b&scope=a']) {
    t.not(outcomeOf('R9', twice(form(other), form(`${app}&scope=a`))), 'violated', other)
  }
  t.not(outcomeOf('R9', twice({ userAgent: 'other' })), 'violated')
  t.not(outcomeOf('R9', twice({ entry: { url: 'https://login.microsoftonline.com/two/oauth2/v2.0/token' } })), 'violated')
  t.not(outcomeOf('R9', twice({}, { status: 429 })), 'violated')
})

t.test('R9: the parameters of a login may be in the URL', async t => {
  const identity = (resource: string) => ({
    entry: { method: 'GET', url: `http://127.0.0.1/msi/token?resource=${resource}`, request: { headers: {} } }
  })
  t.equal(outcomeOf('R9', twice(identity('a'), identity('a'))), 'violated')
  t.not(outcomeOf('R9', twice(identity('b'), identity('a'))), 'violated')
})
