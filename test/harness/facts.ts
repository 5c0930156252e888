import type { Facts } from '../../src/journal/kept-request.js'

/** Of a request to record, of which nothing is known but that it was answered. */
export const FACTS: Facts = {
  time: 0,
  durationMs: 0,
  operation: undefined,
  hasBody: false,
  deserialized: undefined,
  leniencies: undefined,
  scenarios: undefined,
  run: undefined,
  status: 200,
  isCut: false
}
