import { once } from 'node:events'
import http from 'node:http'
import { connect as connectTls } from 'node:tls'
import t from 'tap'
import { ask, ca, clientHello, halfHello, left, listen, LONG, visit } from '../harness/one-port.js'
import { holdTimers } from '../harness/timers.js'

const hello = await clientHello()

interface Visitor {
  readonly says: Buffer
  readonly ends?: boolean
  /** Whether the server sees the mistake at once and need not wait for its timeout. */
  readonly wrong?: boolean
}

/** Clients that send nothing, or not a TLS handshake; some then end their side. */
const visitors: Readonly<Record<string, Visitor>> = {
  'says nothing': { says: Buffer.alloc(0) },
  'says nothing and ends its side': { says: Buffer.alloc(0), ends: true },
  'sends the first byte of a TLS hello': { says: halfHello.subarray(0, 1) },
  'sends half a TLS hello': { says: halfHello },
  'sends half a TLS hello and ends its side': { says: halfHello, ends: true },
  'sends half a record of a TLS handshake': { says: Buffer.from('16030100020228', 'hex') },
  'sends a TLS record of no known version': { says: Buffer.from('16ffff0005ffffffffff', 'hex'), wrong: true },
  'sends a TLS record longer than any': {
    says: Buffer.concat([Buffer.from('160301ffff', 'hex'), Buffer.alloc(0xffff)]),
    wrong: true
  }
}

for (const [what, { says, ends = false, wrong = false }] of Object.entries(visitors)) {
  t.test(`closes the connection of a client that ${what}`, async t => {
    const timers = holdTimers(t, LONG)
    const { server, port } = await listen(t)
    const { client, said } = await visit(port)
    client.write(says)
    if (ends) client.end()
    await timers.set
    if (!ends && !wrong) timers.fire()
    const response = Buffer.from(await said, 'latin1')
    t.ok(response.length === 0 || response[0] === 0x15, 'no response but a TLS alert')
    t.equal(await left(server), 0)
    t.equal((await ask(new http.Agent(), port, 'still here')).body, '/echo false still here;')
  })
}

t.test('closes the connection of a TLS client that stops in the middle of the handshake', async t => {
  const timers = holdTimers(t, LONG)
  const { server, port } = await listen(t)
  const { client, said } = await visit(port)
  client.write(hello)
  await once(client, 'data')
  timers.fire()
  t.ok((await said).length > 500, 'the server had sent its certificate')
  t.equal(await left(server), 0)
})

t.test('closes the connection of a client that resets it during the handshake', async t => {
  const { server, port } = await listen(t)
  const { client } = await visit(port)
  client.write(hello)
  await once(client, 'data')
  client.resetAndDestroy()
  t.equal(await left(server), 0)
})

t.test('closes the connection of a client that does not trust the certificate', async t => {
  const { server, port } = await listen(t)
  const [error] = await once(connectTls({ port, host: '127.0.0.1' }), 'error')
  t.match(error, { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' })
  t.equal(await left(server), 0)
})

t.test('refuses the TLS versions before 1.2', async t => {
  const { server, port } = await listen(t)
  const versions = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' } as const
  const client = connectTls({ port, host: '127.0.0.1', ca: ca.cert, ...versions })
  const [error] = await once(client, 'error')
  t.match(error, { code: /PROTOCOL_VERSION|NO_PROTOCOLS/ })
  t.equal(await left(server), 0)
})
