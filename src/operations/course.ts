/** How a scenario changes what clients see of an operation. Plain data, stored with the operation. */
export interface Course {
  /** How many polls get InProgress first, at once whatever the pace. The script runs meanwhile. */
  readonly polls?: number
  /** Whether the result is 204 without a body. */
  readonly noContent?: boolean
  /** The URLs in the headers of the 202. Default: `both`. */
  readonly headers?: 'both' | 'location' | 'asyncOperation' | 'none'
  /** The Retry-After of the 202 and of polls in progress: seconds, or a form. Default: the pace decides. */
  readonly retryAfter?: number | 'date' | 'absent' | 'junk'
  /** How many polls get a response; the others get 404. */
  readonly expiresAfter?: number
  /**
   * Default: as `--operation-urls` says. `moves`: the response to each poll in progress has a new URL, and the old one
   * responds with 404 from then on.
   */
  readonly url?: 'plain' | 'signed' | '4kb' | 'relative' | 'moves' | 'junk'
}
