import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { Test } from 'tap'
import type { TransferOptions } from '../../src/transfers/transfer.js'

/** Starts an HTTP server that ends with the test. Resolves to its authority. */
export async function serve (t: Test, listener: RequestListener): Promise<string> {
  return `127.0.0.1:${await listenOnAnyPort(t, listener)}`
}

/** Starts an HTTP server that ends with the test. Resolves to its port. */
export async function listenOnAnyPort (t: Test, listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

export interface Received {
  readonly method?: string
  readonly url?: string
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

export async function read (request: IncomingMessage): Promise<Received> {
  const { method, url, headers } = request
  return { method, url, headers, body: await buffer(request) }
}

/** The options of a transfer that is never aborted. */
export function options (...allowedHosts: string[]): TransferOptions {
  return { allowedHosts, signal: new AbortController().signal }
}
