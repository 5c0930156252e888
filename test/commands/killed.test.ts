import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { azrun, launched, serving, type Serving } from '../harness/azrun.js'
import { AUTHORIZATION, runCommandUrl } from '../harness/emulator.js'
import { isGone, until } from '../harness/execution.js'

const noProc = !existsSync('/proc/self/environ') && 'there is no /proc on this machine'
const SHELL = ['--executor', 'shell', '--log-level', 'warn']

/** Starts a long script with a child in its own session. Resolves to the ids of both processes. */
async function runScript (t: Test, { httpUrl }: Serving, directory: string): Promise<number[]> {
  mkdirSync(directory)
  const pid = (name: string) => `echo $$ > ${directory}/${name}.new; mv ${directory}/${name}.new ${directory}/${name}`
  const script = [`setsid sh -c '${pid('child')}; exec sleep 300' &`, pid('script'), 'sleep 300']
  const body = JSON.stringify({ commandId: 'RunShellScript', script })
  const headers = { ...AUTHORIZATION, 'content-type': 'application/json' }
  await fetch(`${httpUrl}${runCommandUrl()}`, { method: 'POST', headers, body })
  await until(() => readdirSync(directory).filter(name => !name.endsWith('.new')).length === 2)
  const pids = ['child', 'script'].map(name => Number(readFileSync(join(directory, name), 'utf8')))
  t.teardown(() => { for (const pid of pids) if (!isGone(pid)) process.kill(pid, 'SIGKILL') })
  return pids
}

t.test('azrun removes the processes and files of a killed azrun with the same data directory', { skip: noProc }, async t => {
  const dir = t.testdir({ data: {}, other: {}, tmp: {} })
  const env = { TMPDIR: join(dir, 'tmp') }
  const killed = await serving(t, join(dir, 'data'), SHELL, env)
  const other = await serving(t, join(dir, 'data'), SHELL, env)
  const killedPids = await runScript(t, killed, join(dir, 'left'))
  const otherPids = await runScript(t, other, join(dir, 'others'))
  killed.child.kill('SIGKILL')
  await killed.ended
  for (const pid of [...killedPids, ...otherPids]) t.notOk(isGone(pid))
  t.equal(readdirSync(env.TMPDIR).length, 2)

  await serving(t, join(dir, 'other'), SHELL, env)
  for (const pid of killedPids) t.notOk(isGone(pid), 'an azrun with another data directory removes nothing')

  const next = await serving(t, join(dir, 'data'), SHELL, env)
  for (const pid of killedPids) await until(() => isGone(pid))
  for (const pid of otherPids) t.notOk(isGone(pid), 'the other azrun still runs')
  t.equal(readdirSync(env.TMPDIR).length, 1)
  next.child.kill('SIGTERM')
  t.match((await next.ended).stderr, /azrun with process id \d+ ended without cleaning up: removed what/)

  other.child.kill('SIGTERM')
  await other.ended
  for (const pid of otherPids) await until(() => isGone(pid))
  t.same(readdirSync(env.TMPDIR), [])
  t.same(readdirSync(join(dir, 'data', 'running')), [])
})

t.test('azrun without a home removes the temporary data directory and the scripts of a killed azrun', { skip: noProc }, async t => {
  const dir = t.testdir({ home: 'a file', tmp: {}, other: { keys: '' } })
  const env = { HOME: join(dir, 'home'), TMPDIR: join(dir, 'tmp') }
  const start = () => launched(t, ['--port', '0', ...SHELL], env)
  const temporary = () => readdirSync(env.TMPDIR).filter(name => name.startsWith('azrun-data-')).sort()
  const killed = await start()
  const [ofKilled] = temporary()
  const other = await start()
  const [ofOther] = temporary().filter(name => name !== ofKilled)
  const killedPids = await runScript(t, killed, join(dir, 'left'))
  killed.child.kill('SIGKILL')
  await killed.ended
  const withoutRecord = mkdtempSync(join(env.TMPDIR, 'azrun-data-'))
  cpSync(join(env.TMPDIR, ofKilled!, 'running'), join(dir, 'other/running'), { recursive: true })
  chmodSync(join(dir, 'other'), 0o700)
  symlinkSync(join(dir, 'other'), join(env.TMPDIR, 'azrun-data-link'))

  const next = await start()
  for (const pid of killedPids) await until(() => isGone(pid))
  t.notOk(temporary().includes(ofKilled!))
  t.ok(temporary().includes(ofOther!), 'the other azrun still runs')
  t.ok(existsSync(withoutRecord), 'a directory without a record may hold files for clients')
  t.strictSame(readdirSync(join(dir, 'other')), ['keys', 'running'], 'links are not followed')
  t.equal(readdirSync(join(dir, 'other/running')).length, 2)
  for (const { child, ended } of [next, other]) {
    child.kill('SIGTERM')
    await ended
  }
  t.equal(temporary().length, 2)
})

t.test('exec removes the files that a killed azrun exec wrote for its command', async t => {
  const dir = t.testdir({ data: {}, tmp: {} })
  const env = { TMPDIR: join(dir, 'tmp') }
  const exec = async (script: string) =>
    await azrun(t, ['exec', '--port', '0', '--data-dir', join(dir, 'data'), '--', 'sh', '-c', script], env)
  t.equal((await exec('kill -KILL $PPID')).code, null)
  t.equal(readdirSync(env.TMPDIR).length, 1)
  t.match(await exec('true'), { code: 0, stderr: '' })
  t.strictSame(readdirSync(env.TMPDIR), [])
})
