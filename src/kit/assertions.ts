import { AssertionError } from 'node:assert'
import type { Match } from '../matching/match.js'
import { received, type ReceivedOptions } from './received.js'
import type { TestSubscription } from './subscription.js'

/**
 * Rejects with an `AssertionError` unless a subscription has received requests that match. The error shows the request
 * that nearly does. For node:test, and every runner without `expect`.
 */
export async function assertReceived (subscription: TestSubscription, match: Match,
  options?: ReceivedOptions): Promise<void> {
  const { pass, message, actual, expected } = await received(subscription, match, options)
  if (!pass) throw new AssertionError({ message: message(), actual, expected, operator: 'assertReceived', stackStartFn: assertReceived })
}
