import type { Facts } from '../../src/journal/kept-request.js'

/** The facts of a request that has a response and nothing else. */
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
