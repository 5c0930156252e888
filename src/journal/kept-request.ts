import type { EndedRun } from '../core/recent-runs.js'

/** An operation that a request has started, and what is known of the script that it runs. */
export interface StartedRun extends EndedRun {
  readonly operationId: string
  /** What runs where the request has no script. */
  readonly document?: { readonly script: readonly string[] } | undefined
}

/** What is known of a request besides its texts. */
export interface Facts {
  /** When it came, in milliseconds since 1970 by azrun's clock. */
  readonly time: number
  /** Until the response began. */
  readonly durationMs: number
  /** The operationId. */
  readonly operation: string | undefined
  readonly hasBody: boolean
  /** A body that was taken although it is not JSON as the contract describes it. */
  readonly deserialized: unknown
  readonly leniencies: ReadonlySet<string> | undefined
  /** The names of those that applied. */
  readonly scenarios: readonly string[] | undefined
  readonly run: StartedRun | undefined
  /** The operation that it polls, where its path does not say that. */
  readonly polled?: string | undefined
  /** Undefined if the connection was cut or stalled before a response. */
  readonly status: number | undefined
  /** Whether the connection was cut before the end of the response. */
  readonly isCut: boolean
}

/** What is kept of a request as text, without secrets: one character for each byte. */
export interface Texts {
  /** Path and query. */
  readonly url: string
  /** Method, origin, and the headers, names and values in turn, each after a line break. */
  readonly head: string
  /** Empty without a body. */
  readonly body: string
  /** As HTTP writes it; empty without a response. */
  readonly response: string
}

/** A request as it is read from the journal. It is to be read before anything else happens, and then let go. */
export interface KeptRequest extends Facts {
  /** Counts the entries from 1. */
  readonly sequence: number
  /** Counts all events, of which this is one. */
  readonly eventId: number
  /** URL and head. */
  head (): string
  body (): string
  response (): string
}
