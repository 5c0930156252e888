import { once } from 'node:events'
import { createServer } from 'node:net'
import { UsageError } from '../core/usage-error.js'

/** Throws a `UsageError` in Bun, which gives no access to the connections of its HTTP server. */
export function requireNodeServer ({ bun }: Readonly<Record<string, string | undefined>> = process.versions): void {
  if (bun === undefined) return
  throw new UsageError(`azrun cannot listen in Bun ${bun}, whose HTTP server does not accept TLS on the same port: ` +
    'run azrun with Node.js, for example with `azrun exec -- bun test`')
}

/** Rejects with the system's error if this process cannot listen there now. Accepts no connections. */
export async function requireListenable (host: string, port: number): Promise<void> {
  const server = createServer(socket => socket.destroy())
  await once(server.listen(port, host), 'listening')
  server.close()
  await once(server, 'close')
}
