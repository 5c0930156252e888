import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { azrun, serving, type Serving } from '../harness/azrun.js'

const TOKEN = 'a.secret~of-this_azrun+/=='

async function stop ({ child, ended }: Serving) {
  child.kill('SIGTERM')
  return await ended
}

t.test('serve prints a generated token and writes it to the ready file, which only the owner can read', async t => {
  const directory = t.testdir()
  const file = join(directory, 'ready.json')
  const running = await serving(t, directory, ['--host', '0.0.0.0', '--ready-file', file, '--log-level', 'trace'])
  const { adminToken } = JSON.parse(readFileSync(file, 'utf8'))
  t.equal(statSync(file).mode & 0o777, 0o600)
  const { stdout, stderr } = await stop(running)
  t.match(stdout, `\nadmin token ${adminToken}\n`)
  t.notMatch(stderr, adminToken)
})

t.test('serve does not print a given token', async t => {
  const directory = t.testdir()
  const running = await serving(t, directory, ['--host', '0.0.0.0', '--admin-token', TOKEN])
  const { stdout, stderr } = await stop(running)
  t.notMatch(stdout + stderr, TOKEN)
})

t.test('serve refuses a short token without printing it', async t => {
  const { code, stderr } = await azrun(t, ['--admin-token', 'hunter2'])
  t.equal(code, 2)
  t.equal(stderr, 'azrun: --admin-token must be at least 16 letters, digits and characters of ._~+/-, with = at its end only\n')
})

t.test('exec passes the token to its command in AZRUN_ADMIN_TOKEN', async t => {
  const { stdout } = await azrun(t, ['exec', '--host', '0.0.0.0', '--', 'sh', '-c', 'echo $AZRUN_ADMIN_TOKEN'])
  t.match(stdout, /^[\w-]{43}\n$/)
})
