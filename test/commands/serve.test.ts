import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, statSync, watch, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { connect, createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { azrun, serving, type Serving } from '../harness/azrun.js'
import { AUTHORIZATION, runCommandUrl } from '../harness/emulator.js'
import { isGone } from '../harness/execution.js'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))

t.test('prints one line on stdout when it is ready, and logs on stderr', async t => {
  const { child, url, httpUrl, ended } = await serving(t, t.testdir(), ['--log-level', 'debug'])
  t.match(url, /^https:\/\/127\.0\.0\.1:\d+$/)
  const response = await fetch(`${httpUrl}/_emulator/health`)
  t.match(await response.json(), { status: 'ready', version })
  child.kill('SIGTERM')
  const { code, stdout, stderr } = await ended
  t.equal(code, 0)
  t.equal(stdout, `azrun listening on ${url}\n`)
  const lines = stderr.trim().split('\n').map(line => JSON.parse(line))
  t.match(lines.at(-1), { msg: 'request', method: 'GET', url: '/_emulator/health', status: 200 })
})

t.test('prints only the ready line if the log level is silent', async t => {
  const { child, url, ended } = await serving(t, t.testdir(), ['--log-level', 'silent'])
  child.kill('SIGINT')
  t.strictSame(await ended, { code: 0, stdout: `azrun listening on ${url}\n`, stderr: '' })
})

t.test('the state has no log level that nobody has set', async t => {
  const { httpUrl } = await serving(t, t.testdir())
  const state = await (await fetch(`${httpUrl}/_emulator/state`)).json() as object
  t.notOk('logLevel' in state)
})

t.test('writes the complete ready file before it prints that it is ready, and removes it at the end', async t => {
  const dir = t.testdir({ run: {}, data: {} })
  const seen: string[] = []
  const watcher = watch(join(dir, 'run'), (event, name) => { if (name === 'ready.json') seen.push(event) })
  t.teardown(() => watcher.close())
  const readyFile = join(dir, 'run', 'ready.json')
  const { child, url, httpUrl, port, ended } = await serving(t, join(dir, 'data'), ['--ready-file', readyFile])
  const { caFile, ...ready } = JSON.parse(readFileSync(readyFile, 'utf8'))
  const startTime = existsSync('/proc') ? Number(statField(child.pid!, 22)) : undefined
  t.strictSame(ready, { url, httpUrl, port, pid: child.pid, ...startTime !== undefined && { startTime }, version })
  t.equal(readFileSync(caFile, 'utf8'), await (await fetch(`${httpUrl}/_emulator/ca.pem`)).text())
  t.strictSame(readdirSync(join(dir, 'run')), ['ready.json'], 'no temporary file is left')
  child.kill('SIGTERM')
  t.equal((await ended).code, 0)
  t.strictSame(readdirSync(join(dir, 'run')), [])
  t.notOk(seen.includes('change'), 'the file was created by a rename')
})

t.test('replaces a damaged signing key when a login needs it', async t => {
  const dir = t.testdir({ 'signing-key': {} })
  const file = join(dir, 'signing-key', 'key.pem')
  writeFileSync(file, 'no key', { mode: 0o600 })
  const { child, httpUrl, ended } = await serving(t, dir)
  t.equal(readFileSync(file, 'utf8'), 'no key')
  const login = { grant_type: 'client_credentials', client_id: 'any', client_secret: 'any', scope: 'https://management.azure.com/.default' }
  const response = await fetch(`${httpUrl}/organizations/oauth2/v2.0/token`, { method: 'POST', body: new URLSearchParams(login) })
  t.equal(response.status, 200)
  t.match(readFileSync(file, 'utf8'), /^-----BEGIN PRIVATE KEY-----/)
  child.kill('SIGTERM')
  t.match((await ended).stderr, /the signing key in \S+ was damaged; azrun has replaced it/)
})

t.test('removes the ready file of a killed azrun even if it cannot start', async t => {
  const dir = t.testdir({ 'ready.json': '{"httpUrl":"http://127.0.0.1:1"}' })
  const { port } = await listening(t)
  const readyFile = join(dir, 'ready.json')
  const { code } = await azrun(t, ['--port', `${port}`, '--data-dir', join(dir, 'data'), '--ready-file', readyFile])
  t.equal(code, 1)
  t.notOk(existsSync(readyFile))
})

t.test('refuses the ready file of a running azrun, and replaces the file of a killed one', async t => {
  const dir = t.testdir({ data: {} })
  const readyFile = join(dir, 'ready.json')
  const args = ['--port', '0', '--data-dir', join(dir, 'data'), '--ready-file', readyFile]
  const first = await serving(t, join(dir, 'data'), ['--ready-file', readyFile])
  const written = readFileSync(readyFile, 'utf8')
  for (const command of [args, ['exec', ...args, '--', 'true']]) {
    t.strictSame(await azrun(t, command), {
      code: 1,
      stdout: '',
      stderr: `azrun: --ready-file ${readyFile} belongs to another azrun, which is running with pid ${first.child.pid}: ` +
        'stop that one, or choose another file\n'
    })
    t.equal(readFileSync(readyFile, 'utf8'), written)
  }
  first.child.kill('SIGKILL')
  await first.ended
  t.equal(readFileSync(readyFile, 'utf8'), written)
  t.equal((await azrun(t, ['exec', ...args, '--', 'true'])).code, 0)
  t.notOk(existsSync(readyFile))
})

t.test('replaces a ready file whose process id belongs to another process', {
  skip: existsSync('/proc') ? false : 'there is no /proc, which has the start time of a process'
}, async t => {
  const dir = t.testdir({ data: {} })
  const readyFile = join(dir, 'ready.json')
  for (const facts of [{ pid: process.pid, startTime: 1 }, { pid: 0 }, { pid: 'x' }, null]) {
    writeFileSync(readyFile, JSON.stringify(facts))
    const { code } = await azrun(t, ['exec', '--data-dir', join(dir, 'data'), '--ready-file', readyFile, '--', 'true'])
    t.equal(code, 0, JSON.stringify(facts))
  }
})

t.test('exits with 2 if the ready file cannot be written', async t => {
  const dir = t.testdir({ data: {} })
  const readyFile = join(dir, 'missing', 'ready.json')
  const { code, stderr } = await azrun(t, ['--port', '0', '--data-dir', join(dir, 'data'), '--ready-file', readyFile,
    '--log-level', 'silent'])
  t.equal(code, 2)
  t.match(stderr, `azrun: --ready-file ${readyFile} cannot be written, since its directory does not exist: make that, or check`)
  const folder = await azrun(t, ['--port', '0', '--data-dir', join(dir, 'data'), '--ready-file', dir])
  t.match(folder, { code: 2, stdout: '', stderr: `azrun: --ready-file ${dir} must be a file, not a directory: check the path\n` })
})

t.test('does not put its ready file in the place of a pipe or a device',
  { skip: process.platform === 'win32' && 'there are no named pipes in directories' }, async t => {
    const dir = t.testdir({ data: {} })
    const pipe = join(dir, 'ready.json')
    execFileSync('mkfifo', [pipe])
    const { code, stderr } = await azrun(t, ['--port', '0', '--data-dir', join(dir, 'data'), '--ready-file', pipe])
    t.equal(code, 2)
    t.equal(stderr, `azrun: --ready-file ${pipe} must be a file, not a pipe or a device: check the path\n`)
    t.ok(statSync(pipe).isFIFO())
  })

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'] as const) {
  t.test(`exits with 0 on ${signal} while a script runs, and leaves neither a process nor a file`, async t => {
    const dir = t.testdir({ tmp: {} })
    const options = ['--executor', 'shell', '--ready-file', join(dir, 'ready.json')]
    const azrun = await serving(t, join(dir, 'data'), options, { TMPDIR: join(dir, 'tmp') })
    const pid = await startLongScript(azrun, dir)
    t.notOk(isGone(pid))
    t.not(readdirSync(join(dir, 'tmp')).length, 0)
    azrun.child.kill(signal)
    t.equal((await azrun.ended).code, 0)
    t.ok(isGone(pid))
    t.strictSame(readdirSync(join(dir, 'tmp')), [])
    t.notOk(existsSync(join(dir, 'ready.json')))
  })
}

t.test('exits with 0 while clients keep their connections open', async t => {
  const { child, port, ended } = await serving(t, t.testdir())
  const client = connect(port, '127.0.0.1')
  client.write('GET /_emulator/health HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await once(client, 'data')
  child.kill('SIGTERM')
  t.equal((await ended).code, 0)
  client.destroy()
})

t.test('reports in one line that the port is in use, and exits with 1', async t => {
  const { port } = await listening(t)
  const { code, stdout, stderr } = await azrun(t, ['--port', `${port}`, '--data-dir', t.testdir()])
  t.equal(code, 1)
  t.equal(stdout, '')
  t.equal(stderr, `azrun: cannot listen on --host 127.0.0.1 --port ${port}: the port is in use; choose another with ` +
    '--port, or any free one with --port 0\n')
})

t.test("reports in one line that the address is not this machine's, and exits with 1", async t => {
  // 192.0.2.0/24 is reserved for documentation (RFC 5737): no machine has it.
  const { code, stderr } = await azrun(t, ['--host', '192.0.2.1', '--port', '0', '--data-dir', t.testdir()])
  t.equal(code, 1)
  t.match(stderr, /^azrun: cannot listen on --host 192\.0\.2\.1 --port 0: .*choose another with --host\n$/)
})

t.test('says that a host is only a name or an address if it has a port, or cannot be looked up', async t => {
  for (const host of ['127.0.0.1:80', 'http://127.0.0.1', 'x'.repeat(300)]) {
    const { code, stderr } = await azrun(t, ['--host', host, '--port', '0', '--data-dir', t.testdir()])
    t.equal(code, 1)
    t.equal(stderr, `azrun: cannot listen on --host ${host} --port 0: the host name is unknown; give --host a name or an ` +
      'address of this machine, without a scheme or a port\n')
  }
})

t.test("keeps its CA and its signing key in the data directory, and lets only the owner read the CA's key", async t => {
  const dir = t.testdir({ data: {} })
  const { child, ended } = await serving(t, join(dir, 'data'))
  child.kill('SIGTERM')
  await ended
  t.strictSame(readdirSync(join(dir, 'data')).map(name => name.replace(/-.*/, '')), ['ca', 'ca', 'signing'], 'the directory of the CA, the copy of its certificate, and the directory of the signing key')
  t.equal(statSync(join(dir, 'data', 'ca', 'key.pem')).mode & 0o777, 0o600)
})

/** A field of `/proc/PID/stat`, counted from 1. */
function statField (pid: number, field: number): string {
  return readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[field - 1]!
}

/** Starts a long script. Resolves to its process id once it is running. */
async function startLongScript ({ httpUrl }: Serving, dir: string): Promise<number> {
  const fifo = join(dir, 'pid')
  execFileSync('mkfifo', [fifo])
  const response = await fetch(`${httpUrl}${runCommandUrl()}`, {
    method: 'POST',
    headers: { ...AUTHORIZATION, 'content-type': 'application/json' },
    body: JSON.stringify({ commandId: 'RunShellScript', script: [`echo $$ > '${fifo}'`, 'sleep 1000'] })
  })
  await response.text()
  return Number(await readFile(fifo, 'utf8'))
}

/** The address of a server that only listens. */
async function listening (t: Test): Promise<AddressInfo> {
  const server = createServer()
  t.teardown(() => server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return server.address() as AddressInfo
}
