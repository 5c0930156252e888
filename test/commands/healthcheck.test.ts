import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Selection } from '../../src/commands/find-running.js'
import { healthcheck } from '../../src/commands/healthcheck.js'
import type { Clock } from '../../src/core/clock.js'
import { VirtualClock } from '../../src/core/virtual-clock.js'
import { plainName } from '../../src/options/names.js'
import { azrun, serving } from '../harness/azrun.js'

t.test('--wait ends as soon as azrun is ready', async t => {
  const dir = t.testdir({ data: {} })
  const readyFile = join(dir, 'ready.json')
  const waiting = azrun(t, ['healthcheck', '--ready-file', readyFile, '--wait', '60'])
  await serving(t, join(dir, 'data'), ['--ready-file', readyFile])
  t.strictSame(await waiting, { code: 0, stdout: '', stderr: '' })
})

t.test('--wait asks a server that is not ready again', async t => {
  let asked = 0
  const port = await portOf(t, (_request, response) => {
    asked++
    if (asked < 3) response.writeHead(503).end('{"status":"starting"}')
    else response.end('{"status":"ready"}')
  })
  await healthcheck(at(port), 60, jumping())
  t.equal(asked, 3)
})

t.test('--wait ends with the last reason when the time is over', async t => {
  const clock = jumping()
  const start = clock.now().getTime()
  await t.rejects(healthcheck(at(1), 2, clock),
    { message: /^no azrun is running at http:\/\/127\.0\.0\.1:1: connect ECONNREFUSED .*; waited 2 s for it$/ })
  const passed = clock.now().getTime() - start
  t.ok(passed > 1_800 && passed <= 2_000, `${passed} ms`)
})

t.test('--wait does not wait longer for a server that does not respond', async t => {
  const port = await portOf(t, () => {})
  await t.rejects(healthcheck(at(port), 0.05), { message: /no response within 0\.05 s; waited 0\.05 s for it$/ })
})

function at (port: number): Selection {
  return { host: '127.0.0.1', port, nameOf: plainName }
}

/** A clock that moves on by itself whenever somebody waits. */
function jumping (): Clock {
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

async function portOf (t: Test, listener: RequestListener): Promise<number> {
  const server = createServer(listener)
  t.teardown(() => { server.closeAllConnections(); server.close() })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return (server.address() as AddressInfo).port
}
