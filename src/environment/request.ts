import { request as send, type IncomingMessage, type RequestOptions } from 'node:http'
import { text } from 'node:stream/consumers'

export interface Answer {
  readonly status: number
  readonly body: string
}

/** Milliseconds that azrun may take to answer. */
const PATIENCE = 5_000

/** Sends a request over plain HTTP; straight, whatever proxy the environment names. */
export async function request (
  url: string, { body, ...options }: RequestOptions & { readonly body?: string } = {}
): Promise<Answer> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    send(url, { agent: false, signal: AbortSignal.timeout(PATIENCE), ...options }, resolve).on('error', reject).end(body)
  })
  return { status: response.statusCode!, body: await text(response) }
}
