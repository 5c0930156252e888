import { once } from 'node:events'
import http from 'node:http'
import { connect as connectTls } from 'node:tls'
import t from 'tap'
import { ask, ca, clientHello, halfHello, left, listen, LONG, visit } from './one-port.js'

const hello = await clientHello()

interface Visitor {
  readonly says: Buffer
  readonly ends?: boolean
  /** The server hears the mistake: it need not wait for more until its patience is at an end. */
  readonly wrong?: boolean
}

/** Clients that say nothing, or nothing that is TLS, after which some end their side. */
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
  t.test(`lets go of a client that ${what}`, async t => {
    const { server, port } = await listen(t, { handshakeTimeout: ends || wrong ? LONG : 50 })
    const { client, said } = await visit(port)
    client.write(says)
    if (ends) client.end()
    const answer = Buffer.from(await said, 'latin1')
    t.ok(answer.length === 0 || answer[0] === 0x15, 'no answer but a TLS alert')
    t.equal(await left(server), 0)
    t.equal((await ask(new http.Agent(), port, 'still here')).body, '/echo false still here;')
  })
}

t.test('lets go of a TLS client that stops in the middle of the handshake', async t => {
  const { server, port } = await listen(t, { handshakeTimeout: 50 })
  const { client, said } = await visit(port)
  client.write(hello)
  t.ok((await said).length > 500, 'it got as far as the certificate')
  t.equal(await left(server), 0)
})

t.test('lets go of a client that breaks off the handshake', async t => {
  const { server, port } = await listen(t)
  const { client } = await visit(port)
  client.write(hello)
  await once(client, 'data')
  client.resetAndDestroy()
  t.equal(await left(server), 0)
})

t.test('lets go of a client that does not trust the certificate', async t => {
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
