import { once } from 'node:events'
import { connect } from 'node:net'
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls'
import t from 'tap'
import { ca, listen } from '../harness/one-port.js'

const AZURE = 'management.azure.com'
const emulating = { isEmulated: (host: string) => host === AZURE }

/** Starts a TLS handshake in a new tunnel. */
async function startTls (port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect(port, '127.0.0.1')
  socket.write(`CONNECT ${AZURE}:443 HTTP/1.1\r\nHost: ${AZURE}:443\r\n\r\n`)
  await once(socket, 'data')
  return connectTls({ socket, servername: AZURE, ca: ca.cert, ...options })
}

for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
  t.test(`a tunnel resumes the session of an earlier tunnel to its host, with ${version}`, async t => {
    const { port } = await listen(t, emulating)
    const versions = { minVersion: version, maxVersion: version }
    const first = await startTls(port, versions)
    const [session] = await once(first, 'session') as [Buffer]
    t.notOk(first.isSessionReused())
    first.destroy()
    const second = await startTls(port, { ...versions, session })
    await once(second, 'secureConnect')
    t.ok(second.isSessionReused())
    second.destroy()
  })
}

t.test('a tunnel stays open for the next request', async t => {
  const { port } = await listen(t, emulating)
  const tunnel = await startTls(port)
  for (const path of ['/first', '/second']) {
    tunnel.write(`GET ${path} HTTP/1.1\r\nHost: ${AZURE}\r\n\r\n`)
    const [response] = await once(tunnel, 'data')
    t.match(`${response}`, path)
  }
  tunnel.destroy()
})
