import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { RunningEmulator } from '../../src/index.js'

const AZURE = 'management.azure.com'

/** A way to connect to azrun, and the origin that requests have before their path. */
export interface Route {
  open (emulator: RunningEmulator): Promise<Socket>
  readonly origin: string
}

/** All ways to connect to azrun. */
export const ROUTES: Readonly<Record<string, Route>> = {
  'plain HTTP': { open: plain, origin: '' },
  TLS: { open: secure, origin: '' },
  'the proxy': { open: plain, origin: `http://${AZURE}` },
  'a tunnel': { open: async emulator => await tunnel(await plain(emulator), emulator), origin: '' },
  'a tunnel through TLS': { open: async emulator => await tunnel(await secure(emulator), emulator), origin: '' }
}

/** The text that arrives until the connection ends, and the code of the error if it breaks. */
export async function received (socket: Socket): Promise<{ readonly text: string, readonly code?: string }> {
  let text = ''
  let code: string | undefined
  socket.on('data', (chunk: Buffer) => { text += chunk.toString('latin1') })
  socket.on('error', (error: NodeJS.ErrnoException) => { code = error.code })
  await new Promise(resolve => socket.once('close', resolve))
  return { text, code }
}

async function plain ({ port }: RunningEmulator): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  return socket
}

async function secure ({ port, caFile }: RunningEmulator): Promise<Socket> {
  const socket = connectTls({ port, host: '127.0.0.1', servername: 'localhost', ca: readFileSync(caFile) })
  await once(socket, 'secureConnect')
  return socket
}

/** TLS in a tunnel, like that of clients that reach a host of Azure through a proxy. */
async function tunnel (proxy: Socket, { caFile }: RunningEmulator): Promise<Socket> {
  proxy.write(`CONNECT ${AZURE}:443 HTTP/1.1\r\nHost: ${AZURE}:443\r\n\r\n`)
  await once(proxy, 'data')
  const socket = connectTls({ socket: proxy, servername: AZURE, ca: readFileSync(caFile) })
  await once(socket, 'secureConnect')
  return socket
}
