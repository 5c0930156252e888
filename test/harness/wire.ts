import { readFileSync } from 'node:fs'
import { request as requestPlain, type OutgoingHttpHeaders } from 'node:http'
import { request as requestSecure } from 'node:https'
import { connect } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { RunningEmulator } from '../../src/index.js'

/** A response as received from the socket. */
export interface WireAnswer {
  readonly status: number
  /** The names of the headers as sent, in order. */
  readonly names: readonly string[]
  /** The headers by lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export interface WireRequest {
  readonly method?: string
  readonly headers?: OutgoingHttpHeaders
  readonly body?: string
}

/** Sends a request over a new connection, with TLS if the URL is https. */
export async function exchange ({ caFile }: RunningEmulator, url: string,
  { method = 'GET', headers = {}, body }: WireRequest = {}): Promise<WireAnswer> {
  const secure = url.startsWith('https:')
  const options = { method, headers, agent: false, ...secure && { ca: readFileSync(caFile) } }
  return await new Promise((resolve, reject) => {
    const request = (secure ? requestSecure : requestPlain)(url, options, response => {
      const { statusCode, rawHeaders } = response
      const names = rawHeaders.filter((_, index) => index % 2 === 0)
      const values = names.map((name, index) => [name.toLowerCase(), rawHeaders[index * 2 + 1] ?? ''])
      buffer(response).then(received =>
        resolve({ status: statusCode ?? 0, names, headers: Object.fromEntries(values), body: received }), reject)
    })
    request.on('error', reject)
    request.end(body)
  })
}

/** Sends text to the port, and returns everything that arrives until the other side closes the connection. */
export async function converse ({ port }: RunningEmulator, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(text)
  return `${await buffer(socket)}`
}
