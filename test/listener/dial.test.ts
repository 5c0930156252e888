import { once } from 'node:events'
import { createServer, Socket, type AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import t from 'tap'
import { connected, dial, failureOf } from '../../src/listener/dial.js'

/** The error of a connection that must fail. */
async function failure (outcome: Promise<void>): Promise<Error> {
  return await outcome.then(() => new Error('it is connected'), (error: Error) => error)
}

t.test('gives up a host that does not accept the connection within 10 seconds', async t => {
  const server = createServer(socket => socket.destroy())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const destination = { host: '127.0.0.1', port }
  const socket = dial(destination, new Socket())
  t.equal(socket.timeout, 10_000)
  const outcome = connected(socket, null)
  socket.emit('timeout')
  const error = await failure(outcome)
  t.match(failureOf(destination, error), {
    status: 502, reason: /^127\.0\.0\.1:\d+ cannot be reached: no connection within 10 s$/
  })
  t.ok(socket.destroyed)
  server.close()
})

t.test('an open connection may be idle for any time', async t => {
  const server = createServer(socket => socket.on('error', () => {}))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const socket = dial({ host: '127.0.0.1', port }, new Socket())
  await connected(socket, null)
  t.equal(socket.timeout, 0)
  socket.destroy()
  server.close()
})

t.test('an azrun that listens on all addresses is at each of them, and at no other port', async t => {
  const server = createServer(socket => socket.on('error', () => {}))
  await once(server.listen(0, '0.0.0.0'), 'listening')
  const { port } = server.address() as AddressInfo
  const locals = Object.values(networkInterfaces()).flatMap(locals => locals ?? []).filter(({ family }) => family === 'IPv4')
  // macOS has only the first address of its loopback.
  const loopback = process.platform === 'linux' ? ['127.0.0.1', '127.1.2.3'] : ['127.0.0.1']
  for (const host of [...loopback, ...locals.map(({ address }) => address)]) {
    const destination = { host, port }
    for (const all of ['0.0.0.0', '::']) {
      const own = (port: number) => ({ address: all, family: 'IPv4', port })
      const error = await failure(connected(dial(destination, new Socket()), own(port)))
      t.match(failureOf(destination, error), { status: 403, reason: /is azrun itself/ }, `${host} for ${all}`)
      const other = dial(destination, new Socket())
      await connected(other, own(port + 1))
      other.destroy()
    }
  }
  server.close()
})
