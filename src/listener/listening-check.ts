import { once } from 'node:events'
import { Server as HttpServer } from 'node:http'
import { createServer, Server } from 'node:net'
import { UsageError } from '../core/usage-error.js'

/**
 * Throws a `UsageError` in a runtime, such as Bun, whose HTTP server is not a server of `node:net`: it gives no access
 * to its connections.
 */
export function requireNodeServer ({ prototype }: { readonly prototype: object } = HttpServer,
  { bun }: Readonly<Record<string, string | undefined>> = process.versions): void {
  if (prototype instanceof Server) return
  const runtime = bun === undefined ? 'this runtime' : `Bun ${bun}`
  throw new UsageError(`azrun cannot listen in ${runtime}, whose HTTP server does not accept TLS on the same port: ` +
    'run azrun with Node.js, for example with `azrun exec -- bun test`')
}

/** Rejects with the system's error if this process cannot listen there now. Accepts no connections. */
export async function requireListenable (host: string, port: number): Promise<void> {
  const server = createServer(socket => socket.destroy())
  await once(server.listen(port, host), 'listening')
  server.close()
  await once(server, 'close')
}
