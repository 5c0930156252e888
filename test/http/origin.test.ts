import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { originOf, type ReachedBy } from '../../src/http/origin.js'
import { AUTHORIZATION, runCommandUrl, start } from '../harness/emulator.js'

t.test('a client of HTTP/1.0 without a Host header gets URLs with the address that it reached', async t => {
  const { port } = await start(t)
  const client = connect(port, '127.0.0.1')
  const body = JSON.stringify({ commandId: 'RunShellScript' })
  client.write(`POST ${runCommandUrl()} HTTP/1.0\r\nAuthorization: ${AUTHORIZATION.authorization}\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
  const [response, origin] = [await text(client), `http://127.0.0.1:${port}`]
  t.match(response, `\r\nAzure-AsyncOperation: ${origin}/subscriptions/`)
  t.match(response, `\r\nLocation: ${origin}/subscriptions/`)
})

t.test('an IPv6 address has brackets in a URL', t => {
  const raw = { socket: { localAddress: '::1', localPort: 8443 } } as ReachedBy['raw']
  t.equal(originOf({ protocol: 'https', host: '', raw }), 'https://[::1]:8443')
  t.end()
})
