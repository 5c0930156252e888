import { once } from 'node:events'
import { METHODS, request } from 'node:http'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { startEmulator } from '../../src/index.js'
import { serving } from '../harness/azrun.js'
import { newDirectory } from '../harness/directory.js'
import { AUTHORIZATION, runCommandUrl } from '../harness/emulator.js'

/** The build changes Fastify's errors and how it creates the router for unknown paths. */
t.test("the command line's error responses are the library's", async t => {
  const { port } = await serving(t, newDirectory(t))
  const emulator = await startEmulator({ dataDir: newDirectory(t) })
  t.teardown(() => emulator.close())
  const requests = [
    // With CONNECT azrun is a proxy.
    ...METHODS.filter(method => method !== 'CONNECT').flatMap(method => ['/', '/unknown/path', '/%zz'].map(path => ({ method, path }))),
    { method: 'POST', path: runCommandUrl(), contentType: 'text/plain', body: 'echo' },
    { method: 'POST', path: runCommandUrl(), contentType: 'application/json', body: ' '.repeat(5 * 1024 * 1024) }
  ]
  for (const each of requests) {
    const [found, expected] = [await send(port, each), await send(emulator.port, each)]
    t.strictSame(found, expected, `${each.method} ${each.path}`)
    t.ok(expected.status >= 400 || each.path === '/', `${each.method} ${each.path}`)
  }
})

async function send (port: number, { method, path, contentType, body }: Sent) {
  const headers = { ...AUTHORIZATION, ...contentType !== undefined && { 'content-type': contentType } }
  const sent = request({ host: '127.0.0.1', port, method, path, headers, agent: false })
  sent.on('error', () => {})
  sent.end(body)
  const [response] = await once(sent, 'response')
  return { status: response.statusCode as number, body: withoutIds(await text(response)) }
}

interface Sent {
  readonly method: string
  readonly path: string
  readonly contentType?: string
  readonly body?: string
}

/** The body without ids, times and the port, which differ each time. */
function withoutIds (body: string): string {
  return body.replaceAll(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|\d{4}-\d\d-\d\dT[\d:.]+|127\.0\.0\.1:\d+/g, '…')
}
