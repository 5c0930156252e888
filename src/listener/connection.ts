import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** Node's internal state of a connection. Its public API does not tell which requests have had their responses. */
interface Connection extends Duplex {
  readonly _httpMessage?: ServerResponse | null
  readonly parser?: { readonly incoming?: IncomingMessage | null } | null
}

/** What a connection is doing. */
export interface Progress {
  /** The last request of which the head was read. */
  readonly request: IncomingMessage | undefined
  /** The response that is being sent or will be sent next. */
  readonly response: ServerResponse | undefined
}

/**
 * If Node's internals are not as expected, a connection seems to do nothing: a refusal could follow the response to the
 * same request, and a CONNECT would not wait for earlier responses.
 */
export function progressOf (socket: Duplex): Progress {
  const { parser, _httpMessage: response } = socket as Connection
  return { request: parser?.incoming ?? undefined, response: response ?? undefined }
}
