import type { Match } from '../matching/match.js'
import { received, type Received, type ReceivedOptions } from './received.js'
import type { TestSubscription } from './subscription.js'

/** The type of the matchers, for the declaration of `expect` in TypeScript. */
export interface AzrunMatchers<Result = Promise<void>> {
  /** Passes if a subscription has received requests that match. A failure shows the request that nearly does. */
  toHaveReceived (match: Match, options?: ReceivedOptions): Result
}

/** For `expect.extend` of Jest and vitest. */
export const matchers = {
  toHaveReceived: async (subscription: TestSubscription, match: Match, options?: ReceivedOptions): Promise<Received> =>
    await received(subscription, match, options)
}
