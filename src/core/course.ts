/** How clients are shown an operation, where a scenario has it differ from the usual: plain data, kept with it. */
export interface Course {
  /** How many polls are answered InProgress first, each at once whatever the pace. The script runs meanwhile. */
  readonly polls?: number
  /** Whether the result is 204 without a body. */
  readonly noContent?: boolean
  /** Which URLs the 202 has. Default: `both`. */
  readonly headers?: 'both' | 'location' | 'asyncOperation' | 'none'
  /** The Retry-After of the 202 and of polls in progress: seconds, or a form. Default: that of the pace. */
  readonly retryAfter?: number | 'date' | 'absent' | 'junk'
  /** After how many polls further ones are answered 404. */
  readonly expiresAfter?: number
  /**
   * Default: as `--operation-urls` says. `moves`: each poll in progress names the next URL in place of the one that was
   * polled, which is answered 404 from then on.
   */
  readonly url?: 'plain' | 'signed' | '4kb' | 'relative' | 'moves' | 'junk'
}
