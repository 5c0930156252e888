import { request as send, type IncomingMessage, type ServerResponse } from 'node:http'
import { pipeline } from 'node:stream'
import { authorityOf, type Destination } from './destinations.js'

/** Headers that are between the client and the proxy (RFC 9110, 7.6.1). */
const HOP_BY_HOP = ['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te',
  'trailer', 'transfer-encoding', 'upgrade']

/** Sends a request on, and its answer back; rejects where there is none within `patience` milliseconds. */
export function forward (request: IncomingMessage, response: ServerResponse, destination: Destination,
  path: string, patience: number): Promise<void> {
  const { method, headers } = request
  const forwarded = { ...withoutHopByHop(headers), host: authorityOf(destination).replace(/:80$/, '') }
  const there = send({ ...destination, method, path, headers: forwarded, agent: false, timeout: patience })
  return new Promise((resolve, reject) => {
    there.once('response', answer => {
      response.writeHead(answer.statusCode!, answer.statusMessage, withoutHopByHop(answer.headers))
      pipeline(answer, response, () => resolve())
    })
    there.once('timeout', () => there.destroy(new Error(`no answer within ${patience / 1000} s`)))
    there.once('error', error => {
      if (!response.headersSent) { reject(error); return }
      response.destroy()
      resolve()
    })
    response.once('close', () => there.destroy())
    pipeline(request, there, () => {})
  })
}

function withoutHopByHop (headers: IncomingMessage['headers']): IncomingMessage['headers'] {
  const named = `${headers.connection ?? ''}`.toLowerCase().split(/\s*,\s*/)
  const dropped = new Set([...HOP_BY_HOP, ...named])
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.has(name)))
}
