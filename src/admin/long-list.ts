import { jsonStream } from '../http/json-stream.js'
import type { AdminResponse } from './handler-types.js'

/** A response with lists that may be long: see `jsonStream`. */
export function longList (document: object): AdminResponse {
  return { body: jsonStream(document), type: 'application/json; charset=utf-8' }
}
