import type { Operation } from '../core/operation.js'
import type { EndedRun } from '../core/recent-runs.js'
import type { Place } from './arena.js'

/** A run command that a request has started. */
export interface StartedRun {
  /** As it started. */
  readonly operation: Pick<Operation, 'id' | 'startTime'>
  /** What runs where the request has no script. */
  readonly document: { readonly script: readonly string[] }
  readonly ended: EndedRun
}

/** What is kept of a request as it is; the garbage collector has little work with it. */
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
  /** Undefined if the connection was cut or stalled before a response. */
  readonly status: number | undefined
  /** Whether the connection was cut before the end of the response. */
  readonly isCut?: boolean
}

/** What is kept of a request as text, without secrets. */
export interface Texts {
  /** Method, URL and origin, then the headers, names and values in turn, each on a line. */
  readonly head: string
  /** Empty without a body. */
  readonly body: string
  /** As HTTP writes it, one character for each byte; empty without a response. */
  readonly response: string
}

/** A request as the journal keeps it. */
export class KeptRequest {
  /** Counts the entries from 1. */
  readonly sequence: number
  /** Counts all events, of which this is one. */
  readonly eventId: number
  readonly facts: Facts
  readonly place: Place

  constructor (sequence: number, eventId: number, facts: Facts, place: Place) {
    this.sequence = sequence
    this.eventId = eventId
    this.facts = facts
    this.place = place
  }

  /** In bytes. */
  get size (): number {
    const { place: { start, end } } = this
    return end - start + this.sizeOfOutput
  }

  /** Of what the script wrote, once it has ended. */
  get sizeOfOutput (): number {
    const output = this.facts.run?.ended.output
    return output === undefined ? 0 : output.stdout.length + output.stderr.length
  }
}
