import type { RequestListener } from 'node:http'
import { join } from 'node:path'
import t from 'tap'
import type { Selection } from '../../src/commands/find-running.js'
import { healthcheck } from '../../src/commands/healthcheck.js'
import { plainName } from '../../src/options/names.js'
import type { Clock } from '../../src/time/clock.js'
import { VirtualClock } from '../../src/time/virtual-clock.js'
import { azrun, serving } from '../harness/azrun.js'
import { listenOnAnyPort } from '../harness/loopback-server.js'

t.test('exits with 0 while azrun runs, and with 1 and an error after it has ended', async t => {
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
  t.match(byFile.stderr, /^azrun: no azrun is running: --ready-file \S+ does not exist: check the path\n$/)
  const byPort = await azrun(t, ['healthcheck', '--port', `${port}`])
  t.equal(byPort.code, 1)
  t.equal(byPort.stderr,
    `azrun: no azrun is running at http://127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}\n`)
})

t.test('accepts only a complete response from azrun', async t => {
  const listeners: Record<string, RequestListener> = {
    'a page of another server': (_request, response) => response.writeHead(404).end('<html>'),
    'JSON of another server': (_request, response) => response.end('null'),
    'an azrun that is not ready': (_request, response) => response.writeHead(503).end('{"status":"starting"}'),
    'a response that breaks off': (_request, response) => {
      response.writeHead(200, { 'content-length': 100 })
      response.write('{"status":"ready"', () => response.destroy())
    }
  }
  for (const [what, listener] of Object.entries(listeners)) {
    const { code, stderr } = await azrun(t, ['healthcheck', '--port', `${await listenOnAnyPort(t, listener)}`])
    t.equal(code, 1, what)
    t.match(stderr, /^azrun: no azrun is running at http:\/\/127\.0\.0\.1:\d+: .+\n$/, what)
  }
})

t.test('refuses a file that is no ready file', async t => {
  const dir = t.testdir({ empty: '', object: '{}', null: 'null', url: '{"httpUrl":"nowhere"}' })
  for (const name of ['empty', 'object', 'null', 'url']) {
    const { code, stderr } = await azrun(t, ['healthcheck', '--ready-file', join(dir, name)])
    t.equal(code, 1, name)
    t.match(stderr, /^azrun: no azrun is running: --ready-file \S+ cannot be read: .+\n$/, name)
  }
})

t.test('--wait returns as soon as azrun is ready', async t => {
  const dir = t.testdir({ data: {} })
  const readyFile = join(dir, 'ready.json')
  const waiting = azrun(t, ['healthcheck', '--ready-file', readyFile, '--wait', '60'])
  await serving(t, join(dir, 'data'), ['--ready-file', readyFile])
  t.strictSame(await waiting, { code: 0, stdout: '', stderr: '' })
})

t.test('--wait retries a server that is not ready', async t => {
  let requests = 0
  const port = await listenOnAnyPort(t, (_request, response) => {
    requests++
    if (requests < 3) response.writeHead(503).end('{"status":"starting"}')
    else response.end('{"status":"ready"}')
  })
  await healthcheck(at(port), 60, jumpingClock())
  t.equal(requests, 3)
})

t.test('--wait fails with the last error after the timeout', async t => {
  const clock = jumpingClock()
  const start = clock.now().getTime()
  await t.rejects(healthcheck(at(1), 2, clock),
    { message: /^no azrun is running at http:\/\/127\.0\.0\.1:1: connect ECONNREFUSED .*; waited 2 s for it$/ })
  const passed = clock.now().getTime() - start
  t.ok(passed > 1_800 && passed <= 2_000, `${passed} ms`)
})

t.test('--wait ends on time if the server does not respond', async t => {
  const port = await listenOnAnyPort(t, () => {})
  await t.rejects(healthcheck(at(port), 0.05, jumpingClock()),
    { message: /no response within 0\.05 s; waited 0\.05 s for it$/ })
})

function at (port: number): Selection {
  return { host: '127.0.0.1', port, nameOf: plainName }
}

/** A virtual clock that jumps to the end of each sleep. */
function jumpingClock (): Clock {
  const clock = new VirtualClock()
  return {
    now: () => clock.now(),
    async sleep (ms) {
      const slept = clock.sleep(ms)
      await clock.advance(ms)
      await slept
    }
  }
}
