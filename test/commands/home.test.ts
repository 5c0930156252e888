import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { cannotBecomeAnother, outputAsAnother } from '../harness/another-user.js'
import { azrun, launched } from '../harness/azrun.js'
import { AUTHORIZATION, runCommandUrl } from '../harness/emulator.js'

/** Variables with an unusable home directory and a directory for temporary files. */
function environment (t: Test) {
  const dir = t.testdir({ home: 'a file', tmp: {} })
  return { HOME: join(dir, 'home'), TMPDIR: join(dir, 'tmp') }
}

/** The warnings in the log that the default data directory is unusable. */
function warnings (stderr: string): string[] {
  return stderr.trim().split('\n').filter(line => line.includes('the default data directory cannot be used: a part of the path '))
}

t.test('azrun serves and runs scripts without a writable home, warns once and leaves no files', async t => {
  const env = environment(t)
  const { child, httpUrl, ended } = await launched(t, ['--port', '0', '--executor', 'shell'], env)
  const { caFile } = await (await fetch(`${httpUrl}/_emulator/health`)).json() as { readonly caFile: string }
  t.equal(dirname(dirname(caFile)), env.TMPDIR)
  t.equal(statSync(dirname(caFile)).mode & 0o777, 0o700)
  t.equal(readFileSync(caFile, 'utf8'), await (await fetch(`${httpUrl}/_emulator/ca.pem`)).text())
  const response = await fetch(`${httpUrl}${runCommandUrl()}`, {
    method: 'POST',
    headers: { ...AUTHORIZATION, 'content-type': 'application/json', prefer: 'wait=60' },
    body: JSON.stringify({ commandId: 'RunShellScript', script: ['echo ran'] })
  })
  t.match(await response.text(), '[stdout]\\nran')
  child.kill('SIGTERM')
  const { code, stderr } = await ended
  t.equal(code, 0)
  t.equal(warnings(stderr).length, 1)
  t.equal(stderr.trim().split('\n').length, 1)
  t.strictSame(readdirSync(env.TMPDIR), [])
})

t.test('exec runs its command without a writable home, and leaves no files', async t => {
  const env = environment(t)
  const script = "require('https').get(process.env.AZRUN_URL + '/_emulator/health', answer => answer.pipe(process.stdout))"
  const { code, stdout, stderr } = await azrun(t, ['exec', '--', 'node', '-e', script], env)
  t.equal(code, 0)
  t.match(JSON.parse(stdout), { status: 'ready' })
  t.equal(warnings(stderr).length, 1)
  t.strictSame(readdirSync(env.TMPDIR), [])
})

t.test('azrun leaves no files if it cannot start', async t => {
  const env = environment(t)
  t.equal((await azrun(t, ['--host', '192.0.2.1', '--port', '0'], env)).code, 1)
  t.strictSame(readdirSync(env.TMPDIR), [])
})

t.test('exec suggests TMPDIR if it cannot write the files for the command', async t => {
  const env = { HOME: t.testdir(), TMPDIR: '/no/such/directory' }
  const { code, stderr } = await azrun(t, ['exec', '--', 'true'], env)
  t.equal(code, 2)
  t.match(stderr, /^azrun: cannot write the files for the command: ENOENT: [^\n]+; set TMPDIR to a directory [^\n]+\n$/)
})

t.test('env keeps its files in a temporary directory without a writable home, and says so', async t => {
  const { port } = await launched(t, ['--port', '0', '--data-dir', t.testdir()], {})
  const env = environment(t)
  const { code, stdout, stderr } = await azrun(t, ['env', '--port', `${port}`], env)
  t.equal(code, 0)
  t.equal(warnings(stderr).length, 1)
  t.match(stderr, /^azrun: [^\n]+ The files for clients are in \S+: [^\n]+\n$/)
  const file = execFileSync('sh', ['-c', 'eval "$SCRIPT"; printf %s "$NODE_EXTRA_CA_CERTS"'],
    { encoding: 'utf8', env: { PATH: process.env['PATH'], SCRIPT: stdout } })
  t.ok(file.startsWith(join(env.TMPDIR, 'azrun-data-')) && existsSync(file))
})

t.test('the library starts with and without a port for a user without a home', { skip: cannotBecomeAnother }, async t => {
  const output = outputAsAnother(
    `import { createEmulator, startEmulator } from '${new URL('../../dist/index.js', import.meta.url)}'
     import { existsSync, statSync } from 'node:fs'
     import { dirname } from 'node:path'`,
    `const emulator = await createEmulator({ executor: 'shell' })
     const { statusCode } = await emulator.app.inject('/_emulator/health')
     await emulator.close()
     const running = await startEmulator({ executor: 'shell' })
     const directory = dirname(running.caFile)
     const mode = (statSync(directory).mode & 0o777).toString(8)
     await running.close()
     process.stdout.write([statusCode, mode, existsSync(directory)].join())`)
  t.equal(output, '200,700,false')
})
