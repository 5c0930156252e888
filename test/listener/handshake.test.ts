import { once } from 'node:events'
import http from 'node:http'
import { connect as connectTls } from 'node:tls'
import t from 'tap'
import { ask, ca, clientHello, connectionsLeft, halfHello, listen, LONG, visit } from '../harness/one-port.js'
import { holdTimers } from '../harness/timers.js'

const hello = await clientHello()

interface Visitor {
  readonly sends: Buffer
  readonly ends?: boolean
  /** Whether the server detects the mistake at once, without its timeout. */
  readonly wrong?: boolean
}

/** Clients that send nothing or no complete TLS handshake. Some then end their side. */
const visitors: Readonly<Record<string, Visitor>> = {
  'sends nothing': { sends: Buffer.alloc(0) },
  'sends nothing and ends its side': { sends: Buffer.alloc(0), ends: true },
  'sends the first byte of a TLS hello': { sends: halfHello.subarray(0, 1) },
  'sends half a TLS hello': { sends: halfHello },
  'sends half a TLS hello and ends its side': { sends: halfHello, ends: true },
  'sends half a record of a TLS handshake': { sends: Buffer.from('16030100020228', 'hex') },
  'sends a TLS record of an unknown version': { sends: Buffer.from('16ffff0005ffffffffff', 'hex'), wrong: true },
  'sends a TLS record that is too long': {
    sends: Buffer.concat([Buffer.from('160301ffff', 'hex'), Buffer.alloc(0xffff)]),
    wrong: true
  }
}

for (const [what, { sends, ends = false, wrong = false }] of Object.entries(visitors)) {
  t.test(`closes the connection of a client that ${what}`, async t => {
    const timers = holdTimers(t, LONG)
    const { server, port } = await listen(t)
    const { client, received } = await visit(port)
    client.write(sends)
    if (ends) client.end()
    await timers.set
    if (!ends && !wrong) timers.fire()
    const response = Buffer.from(await received, 'latin1')
    t.ok(response.length === 0 || response[0] === 0x15, 'nothing or a TLS alert')
    t.equal(await connectionsLeft(server), 0)
    t.equal((await ask(new http.Agent(), port, 'still here')).body, '/echo false still here;')
  })
}

t.test('by default waits 10 seconds for the first byte', async t => {
  const timers = holdTimers(t, 10_000)
  const { server, port } = await listen(t, { handshakeTimeout: undefined })
  const { received } = await visit(port)
  await timers.set
  timers.fire()
  t.equal(await received, '')
  t.equal(await connectionsLeft(server), 0)
})

t.test('closes the connection of a TLS client that stops in the middle of the handshake', async t => {
  const timers = holdTimers(t, LONG)
  const { server, port } = await listen(t)
  const { client, received } = await visit(port)
  client.write(hello)
  await once(client, 'data')
  timers.fire()
  t.ok((await received).length > 500, 'the server had sent its certificate')
  t.equal(await connectionsLeft(server), 0)
})

t.test('closes the connection of a client that resets it during the handshake', async t => {
  const { server, port } = await listen(t)
  const { client } = await visit(port)
  client.write(hello)
  await once(client, 'data')
  client.resetAndDestroy()
  t.equal(await connectionsLeft(server), 0)
})

t.test('closes the connection of a client that does not trust the certificate', async t => {
  const { server, port } = await listen(t)
  const [error] = await once(connectTls({ port, host: '127.0.0.1' }), 'error')
  t.match(error, { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' })
  t.equal(await connectionsLeft(server), 0)
})

t.test('refuses TLS versions before 1.2', async t => {
  const { server, port } = await listen(t)
  const versions = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' } as const
  const client = connectTls({ port, host: '127.0.0.1', ca: ca.cert, ...versions })
  const [error] = await once(client, 'error')
  t.match(error, { code: /PROTOCOL_VERSION|NO_PROTOCOLS/ })
  t.equal(await connectionsLeft(server), 0)
})
