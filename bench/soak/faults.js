import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { BODY, SUBSCRIPTION } from '../requests.js'

const ACTION = `/subscriptions/${SUBSCRIPTION}/resourceGroups/soak/providers/Microsoft.Compute/virtualMachines/faulty/runCommand` +
  '?api-version=2024-03-01'
const HEAD = `POST ${ACTION} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer t\r\nContent-Type: application/json\r\n`
const HEALTH = 'GET /_emulator/health HTTP/1.1\r\nHost: localhost\r\n'
const SLOW = '{"commandId":"RunShellScript","script":["sleep 30"]}'

const SEND = {
  /** Sends the text, and then resets the connection. */
  reset: text => async socket => { socket.write(text); await sleep(5); socket.resetAndDestroy() },
  leave: text => async socket => { socket.write(text); await sleep(50); socket.destroy() },
  end: text => async socket => { socket.write(text); await sleep(20); socket.end(); await sleep(50) },
  /** Sends the text, and does not read the responses. */
  unread: text => async socket => { socket.pause().write(text); await sleep(200); socket.destroy() }
}

/** Faults of clients, each on its own connection. */
const FAULTS = [
  SEND.reset(`${HEAD}Content-Length: ${BODY.length}\r\n\r\n${BODY}`),
  SEND.leave(`${HEAD}Content-Length: 1000\r\n\r\n{"commandId"`),
  SEND.leave(`${HEAD}Content-Length: ${SLOW.length}\r\nPrefer: wait=20\r\n\r\n${SLOW}`),
  SEND.end(`${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n`),
  SEND.end(`${HEAD}Content-Length: 4000000\r\n\r\n[${'1,'.repeat(1_999_000)}`),
  SEND.end(randomBytes(2_000)),
  SEND.leave('\x16\x03\x01\x02\x00\x01'),
  SEND.end('CONNECT example.com:443 HTTP/1.1\r\n\r\n'.repeat(2)),
  SEND.reset('CONNECT management.azure.com:443 HTTP/1.1\r\n\r\n\x16\x03'),
  SEND.end(`${HEALTH}${'x: y\r\n'.repeat(5_000)}\r\n`),
  SEND.unread(`${HEALTH}\r\n`.repeat(2_000))
]

/** Commits all faults one after the other, in turn over plain HTTP and over TLS. */
export async function misbehave ({ target, until, counts }) {
  for (let count = 0; Date.now() < until && target.isAlive; count++) {
    const secure = Math.floor(count / FAULTS.length) % 2 === 1
    const socket = secure
      ? connectTls({ port: target.ready.port, host: '127.0.0.1', rejectUnauthorized: false })
      : connect(target.ready.port, '127.0.0.1')
    socket.on('error', () => {}).resume()
    try {
      await once(socket, secure ? 'secureConnect' : 'connect')
      await FAULTS[count % FAULTS.length](secure ? withReset(socket) : socket)
    } catch {
      // The connection was refused or reset: azrun may be stopping.
    }
    socket.destroy()
    counts.faults++
    await sleep(50)
  }
}

/** Lets a TLS socket destroy its connection, because it cannot reset it. */
function withReset (socket) {
  socket.resetAndDestroy = () => socket.destroy()
  return socket
}
