import { once } from 'node:events'
import { createServer } from 'node:net'

/** azrun cannot listen; `cause` is the system's error. */
export class CannotListen extends Error {}

/** Rejects with `CannotListen` if this process cannot listen there now. Accepts no connections. */
export async function requireListenable (host: string, port: number): Promise<void> {
  const server = createServer(socket => socket.destroy())
  try {
    await once(server.listen(port, host), 'listening')
  } catch (cause) {
    throw new CannotListen(`cannot listen on ${host}, port ${port}`, { cause })
  }
  server.close()
  await once(server, 'close')
}
