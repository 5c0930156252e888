import type { EndedRun } from '../core/recent-runs.js'
import { NOWHERE, type Place } from './arena.js'

/** An operation that a request has started, and what is known of the script that it runs. */
export interface StartedRun extends EndedRun {
  readonly operationId: string
  /** What runs where the request has no script. */
  readonly document?: { readonly script: readonly string[] } | undefined
}

/**
 * A request as the journal keeps it: one object with all its members from the beginning, since each object more is more
 * work for the garbage collector. The journal sets the numbers and the place.
 */
export interface KeptRequest extends Place {
  /** Counts the entries from 1. */
  sequence: number
  /** Counts all events, of which this is one. */
  eventId: number
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
  readonly isCut: boolean
}

/** What is known of a request before it is kept. */
export type Facts = Omit<KeptRequest, keyof Place | 'sequence' | 'eventId'>

/** A request that is not kept yet. */
export function notKept (facts: Facts): KeptRequest {
  // Written out: a spread would take 2 us.
  return {
    sequence: 0,
    eventId: 0,
    chunk: NOWHERE,
    start: 0,
    headEnd: 0,
    bodyEnd: 0,
    end: 0,
    time: facts.time,
    durationMs: facts.durationMs,
    operation: facts.operation,
    hasBody: facts.hasBody,
    deserialized: facts.deserialized,
    leniencies: facts.leniencies,
    scenarios: facts.scenarios,
    run: facts.run,
    status: facts.status,
    isCut: facts.isCut
  }
}

/** In bytes. */
export function sizeOf (entry: KeptRequest): number {
  return entry.end - entry.start + sizeOfOutput(entry)
}

/** Of what the script wrote, once it has ended. */
export function sizeOfOutput ({ run }: KeptRequest): number {
  const output = run?.output
  return output === undefined ? 0 : output.stdout.length + output.stderr.length
}
