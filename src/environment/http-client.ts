import { request as send, type IncomingMessage, type RequestOptions } from 'node:http'
import { text } from 'node:stream/consumers'
import { OWN_USER_AGENT } from '../core/own-user-agent.js'

/** The parts of a response that azrun's own requests need. */
export interface HttpResponse {
  readonly status: number
  readonly body: string
}

export interface HttpRequest extends Omit<RequestOptions, 'timeout' | 'headers'> {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Milliseconds that azrun may take to respond. Default: 5 seconds. */
  readonly timeout?: number
}

/** Sends a request over plain HTTP. Ignores the environment's proxy. Rejects if there is no response. */
export async function request (
  url: string, { body, timeout = 5_000, headers, ...options }: HttpRequest = {}
): Promise<HttpResponse> {
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const signal = AbortSignal.timeout(timeout)
      const named = { 'user-agent': OWN_USER_AGENT, ...headers }
      send(url, { agent: false, signal, headers: named, ...options }, resolve).on('error', reject).end(body)
    })
    return { status: response.statusCode!, body: await text(response) }
  } catch (error) {
    throw (error as Error).name === 'AbortError' ? new Error(`no response within ${timeout / 1000} s`) : error
  }
}
