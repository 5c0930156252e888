import type { ScriptRun } from '../operations/script-run.js'

/** The facts about a request, except its texts. */
export interface Facts {
  /** When the request came, in milliseconds since 1970 by azrun's clock. */
  readonly time: number
  /** The time until the response began. */
  readonly durationMs: number
  /** The operationId. */
  readonly operation: string | undefined
  readonly hasBody: boolean
  /** The value of a body that was accepted although it violates the contract. */
  readonly deserialized: unknown
  readonly leniencies: ReadonlySet<string> | undefined
  /** The names of the scenarios that applied. */
  readonly scenarios: readonly string[] | undefined
  /** Undefined if it started no operation. */
  readonly run: ScriptRun | undefined
  /** The operation that the request polls, if its path does not tell. */
  readonly polled?: string | undefined
  /** Undefined if the connection was cut or stalled before a response, or the client had left. */
  readonly status: number | undefined
  /** Whether the connection was cut in the middle of the response. */
  readonly isCut: boolean
}

/** The texts of a request without secrets, with one character for each byte. */
export interface Texts {
  /** Path and query. */
  readonly url: string
  /** Method, origin, and the headers, names and values in turn, each after a line break. */
  readonly head: string
  /** Empty without a body. */
  readonly body: string
  /** The response in HTTP's format; empty if there was none. */
  readonly response: string
}

/** A view of a request in the journal. Read it synchronously and do not keep it: its storage is reused. */
export interface KeptRequest extends Facts {
  /** The number of the entry, from 1. */
  readonly sequence: number
  /** The number among events of all kinds. */
  readonly eventId: number
  /** URL and head. */
  head (): string
  body (): string
  response (): string
}
