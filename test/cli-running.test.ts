import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { azrun, serving } from './azrun.js'

t.test('azrun env prints what clients need, by host and port or by the ready file', async t => {
  const dir = t.testdir({ "it's": {} })
  const dataDir = join(dir, "it's")
  const readyFile = join(dir, 'ready.json')
  const { url, port } = await serving(t, dataDir, ['--ready-file', readyFile])
  const caFile = join(dataDir, 'ca', 'cert.pem')
  const stdout = `export AZRUN_URL='${url}'\nexport NODE_EXTRA_CA_CERTS='${caFile.replace("'", "'\\''")}'\n`
  const expected = { code: 0, stdout, stderr: '' }
  t.strictSame(await azrun(t, ['env', '--ready-file', readyFile]), expected)
  t.strictSame(await azrun(t, ['env'], { AZRUN_READY_FILE: readyFile }), expected)
  t.strictSame(await azrun(t, ['env', '--port', `${port}`]), expected)
  t.strictSame(await azrun(t, ['env', '--port', `${port}`, '--host', '0.0.0.0']), expected)
})

t.test('azrun healthcheck says nothing and ends with 0 while azrun runs', async t => {
  const dir = t.testdir()
  const readyFile = join(dir, 'ready.json')
  const { port, child, ended } = await serving(t, dir, ['--ready-file', readyFile])
  const fine = { code: 0, stdout: '', stderr: '' }
  t.strictSame(await azrun(t, ['healthcheck', '--ready-file', readyFile]), fine)
  t.strictSame(await azrun(t, ['healthcheck', '--port', `${port}`]), fine)
  child.kill('SIGTERM')
  await ended
  const byFile = await azrun(t, ['healthcheck', '--ready-file', readyFile])
  t.equal(byFile.code, 1)
  t.match(byFile.stderr, /^azrun: no azrun is running: --ready-file \S+ cannot be read: ENOENT.*\n$/)
  const byPort = await azrun(t, ['healthcheck', '--port', `${port}`])
  t.equal(byPort.code, 1)
  t.equal(byPort.stderr,
    `azrun: no azrun is running at http://127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}\n`)
})

t.test('azrun env exports nothing where no azrun runs', async t => {
  const port = await portOf(t, (_request, response) => { response.socket!.destroy() })
  const { code, stdout, stderr } = await azrun(t, ['env', '--port', `${port}`])
  t.equal(code, 1)
  t.equal(stdout, '')
  t.match(stderr, /^azrun: no azrun is running at http:\/\/127\.0\.0\.1:\d+: .+\n$/)
})

t.test('azrun healthcheck believes a whole answer of azrun alone', async t => {
  const answers: Record<string, RequestListener> = {
    'a page of another server': (_request, response) => response.writeHead(404).end('<html>'),
    'JSON of another server': (_request, response) => response.end('null'),
    'an azrun that is not ready': (_request, response) => response.writeHead(503).end('{"status":"starting"}'),
    'an answer that breaks off': (_request, response) => {
      response.writeHead(200, { 'content-length': 100 })
      response.write('{"status":"ready"', () => response.destroy())
    }
  }
  for (const [what, answer] of Object.entries(answers)) {
    const { code, stderr } = await azrun(t, ['healthcheck', '--port', `${await portOf(t, answer)}`])
    t.equal(code, 1, what)
    t.match(stderr, /^azrun: no azrun is running at http:\/\/127\.0\.0\.1:\d+: .+\n$/, what)
  }
})

t.test("azrun healthcheck takes no ready file that is not azrun's", async t => {
  const dir = t.testdir({ empty: '', object: '{}', null: 'null', url: '{"httpUrl":"nowhere"}' })
  for (const name of ['empty', 'object', 'null', 'url']) {
    const { code, stderr } = await azrun(t, ['healthcheck', '--ready-file', join(dir, name)])
    t.equal(code, 1, name)
    t.match(stderr, /^azrun: no azrun is running: --ready-file \S+ cannot be read: .+\n$/, name)
  }
})

async function portOf (t: Test, listener: RequestListener): Promise<number> {
  const server = createServer(listener)
  t.teardown(() => server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return (server.address() as AddressInfo).port
}
