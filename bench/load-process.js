/**
 * Sends requests over keep-alive connections and reads the responses, with as little work as possible: on a machine
 * with few cores, a thorough client would take CPU time from the measured servers.
 */
import { once } from 'node:events'
import { connect } from 'node:net'
import { pollRequests, runCommandRequests, tokenRequests } from './requests.js'

const CONNECTIONS = 16

process.on('message', load => {
  send(load).then(seconds => process.send({ seconds }), error => process.send({ error: error.message }))
})
process.on('disconnect', () => process.exit())
process.send('ready')

/** For each kind of load, a function that returns the source of a connection's requests. */
const KINDS = {
  runCommand: ({ port, token }, connection) => runCommandRequests(port, connection, token),
  poll: ({ port, polled }) => polls(port, polled),
  token: ({ port }) => tokenRequests(port)
}

/** The polls of each server, from its preparation. That is not counted, because it also creates the operations. */
const pollsByPort = new Map()

function polls (port, polled) {
  if (!pollsByPort.has(port)) pollsByPort.set(port, pollRequests(port, polled))
  return pollsByPort.get(port)
}

/**
 * Sends a load, and returns the seconds that it took. A load without requests prepares for a new server. `token` is for
 * the action, if the server checks tokens.
 */
async function send ({ kind = 'runCommand', requests, ...load }) {
  // An earlier server may have had the same port.
  if (requests === 0) pollsByPort.delete(load.port)
  const nexts = await Promise.all(Array.from({ length: CONNECTIONS }, (_, connection) => KINDS[kind](load, connection)))
  const sockets = await Promise.all(nexts.map(() => open(load.port)))
  let remaining = requests
  const started = performance.now()
  stayAwake(() => remaining > -CONNECTIONS)
  await Promise.all(sockets.map((socket, index) =>
    converse(socket, () => remaining-- > 0 ? nexts[index]() : undefined)))
  const seconds = (performance.now() - started) / 1000
  for (const socket of sockets) socket.destroy()
  return seconds
}

/**
 * Keeps the client busy. If it slept, each response would have to wake it, at the expense of the server's process. Only
 * the slower of two servers would pay for that, because only it lets the client sleep.
 */
function stayAwake (isBusy) {
  if (isBusy()) setImmediate(stayAwake, isBusy)
}

async function open (port) {
  const socket = connect(port, '127.0.0.1').setNoDelay().setEncoding('latin1')
  await once(socket, 'connect')
  return socket
}

/** Sends one request after the other, until `next` has none. */
function converse (socket, next) {
  return new Promise((resolve, reject) => {
    let response = ''
    const request = () => {
      const bytes = next()
      if (bytes === undefined) resolve()
      else socket.write(bytes)
    }
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the server closed a connection')))
    socket.on('data', chunk => {
      response += chunk
      if (!isComplete(response)) return
      if (!response.startsWith('HTTP/1.1 200')) { reject(new Error(`the server responded ${response}`)); return }
      response = ''
      request()
    })
    request()
  })
}

/** Whether the response is complete, by its length or its last chunk. */
function isComplete (response) {
  const head = response.indexOf('\r\n\r\n')
  if (head < 0) return false
  const [, length] = /\r\ncontent-length: (\d+)/i.exec(response.slice(0, head)) ?? []
  return length === undefined ? response.endsWith('\r\n0\r\n\r\n') : response.length === head + 4 + Number(length)
}
