import { once } from 'node:events'
import { createServer } from 'node:net'

/** Rejects with the system's error if this process cannot listen there now. Accepts no connections. */
export async function requireListenable (host: string, port: number): Promise<void> {
  const server = createServer(socket => socket.destroy())
  await once(server.listen(port, host), 'listening')
  server.close()
  await once(server, 'close')
}
