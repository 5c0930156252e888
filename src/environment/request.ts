import { request as send, type IncomingMessage, type RequestOptions } from 'node:http'
import { text } from 'node:stream/consumers'

export interface Answer {
  readonly status: number
  readonly body: string
}

/** Milliseconds that azrun may take to answer. */
const PATIENCE = 5_000

/** Sends a request over plain HTTP; straight, whatever proxy the environment names. Rejects where no answer comes. */
export async function request (
  url: string, { body, ...options }: RequestOptions & { readonly body?: string } = {}
): Promise<Answer> {
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      send(url, { agent: false, signal: AbortSignal.timeout(PATIENCE), ...options }, resolve).on('error', reject).end(body)
    })
    return { status: response.statusCode!, body: await text(response) }
  } catch (error) {
    throw (error as Error).name === 'AbortError' ? new Error(`no answer within ${PATIENCE / 1000} s`) : error
  }
}
