import type { Operation } from '../core/operation.js'
import type { EndedRun } from '../core/recent-runs.js'

/** A run command that a request has started. */
export interface StartedRun {
  /** As it started. */
  readonly operation: Pick<Operation, 'id' | 'startTime'>
  /** What runs where the request has no script. */
  readonly document: { readonly script: readonly string[] }
  readonly ended: EndedRun
}

/** What is kept of a request, without secrets. */
export interface Recorded {
  /** Milliseconds since 1970, by azrun's clock. */
  readonly time: number
  /** Until the response began. */
  readonly durationMs: number
  readonly operation: string | undefined
  /** Method and URL, then the headers, names and values in turn: one text, which the garbage collector sees as one. */
  readonly head: string
  readonly body: string | undefined
  /** Of a body that JSON does not describe as it was taken. */
  readonly deserialized: unknown
  readonly leniencies: ReadonlySet<string> | undefined
  /** The names of those that applied. */
  readonly scenarios: readonly string[] | undefined
  readonly run: StartedRun | undefined
  /** Undefined if the connection was cut or stalled before a response. */
  readonly status: number | undefined
  /** As HTTP writes it, one character for each byte; empty without a status. */
  readonly response: string
}

/** A request as the journal keeps it: few objects, which make the garbage collector little work. */
export interface KeptRequest extends Recorded {
  readonly sequence: number
  /** Counts all events, of which this is one. */
  readonly eventId: number
}

/** In characters, of which nearly all are a byte each. */
export function sizeOf (recorded: Recorded): number {
  const { head, body = '', response } = recorded
  return head.length + body.length + response.length + sizeOfOutput(recorded)
}

/** Of what the script wrote, once it has ended. */
export function sizeOfOutput ({ run }: Recorded): number {
  const output = run?.ended.output
  return output === undefined ? 0 : output.stdout.length + output.stderr.length
}
