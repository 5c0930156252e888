import type { Match } from '../matching/match.js'
import type { Course } from '../operations/course.js'

/**
 * A case that azrun produces on demand. Plain data, the same in a file, over HTTP and in TypeScript. The schema is in
 * openapi/admin.json.
 */
export interface Scenario {
  /** Identifies the scenario, for replacing and removing it and in the journal. */
  readonly name: string
  /** The requests to match. Default: every request. */
  readonly match?: Match
  /** The matching calls to apply to: `1`, `1-2` or `3-`. Default: all. */
  readonly calls?: string
  /** The probability that it applies to a call, from 0 to 1. `--seed` makes it repeatable. Default: 1. */
  readonly chance?: number
  /** The effects, at most one of each kind. */
  readonly do: readonly Effect[]
}

/** An effect: exactly one member, whose name is its kind. */
export type Effect = {
  readonly [Kind in EffectKind]:
    Pick<EffectValues, Kind> & { readonly [Other in Exclude<EffectKind, Kind>]?: undefined }
}[EffectKind]

/** The names of the kinds of effects. */
export type EffectKind = keyof EffectValues

/** The value of each kind of effect. */
export interface EffectValues {
  /** Responds with Azure's error envelope. With a list, each call gets the next error in turn. */
  readonly error: ErrorEffect | readonly ErrorEffect[]
  /** The response as it is. Default of `status`: 200. */
  readonly answer: {
    readonly status?: number
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: string
  }
  /** Responds with 429, and the body and headers of a layer. Defaults: `Compute`, 1 second, `seconds`. */
  readonly throttle: {
    readonly by?: 'Compute' | 'ResourceManager'
    readonly retryAfter?: number
    readonly form?: 'seconds' | 'date' | 'ms'
  }
  /** Delays the response by azrun's clock. */
  readonly delay: { readonly ms: number }
  /** What happens to the connection once the request was handled. */
  readonly socket: SocketEffect
  /** How the operation goes that the request starts. */
  readonly operation: OperationEffect
  /** How a poll responds. */
  readonly poll: PollEffect
  /** The result of the script, which does not run. Defaults: 0, empty, empty, 0 milliseconds. */
  readonly guest: {
    readonly exitCode?: number
    readonly stdout?: string
    readonly stderr?: string
    readonly durationMs?: number
  }
  /** How the token endpoint and managed identity respond. `slow` is in milliseconds, `shortToken` in seconds. */
  readonly login: 'error' | 'identityNotReady' | { readonly slow: number } | { readonly shortToken: number }
}

/** An error of Azure's, or any other in Azure's envelope. */
export interface ErrorEffect {
  /** Default: as in the error table's entry with this code; 400 without an entry. */
  readonly status?: number
  /** For a code of the error table, no other member is necessary. */
  readonly code: string
  readonly message?: string
  /** The name of the table's entry, if several have the same code. Default: the first. */
  readonly entry?: string
  /** Values for the placeholders of the table's message. Default: those of the request. */
  readonly values?: Readonly<Record<string, string>>
  readonly details?: readonly object[]
  /** Headers in addition to Azure's. They replace those of the same name. */
  readonly headers?: Readonly<Record<string, string>>
}

/** `truncate` declares the full length, sends that many bytes of the body and cuts. `drip` is in bytes per second. */
export type SocketEffect = 'reset' | 'close' | 'stall' | { readonly truncate: number } | { readonly drip: number }

/** Unless `answeredBy` is 200, the action gets 202, whatever `--respond` and Prefer say. */
export interface OperationEffect extends Course {
  /**
   * The minimum in milliseconds. `fast` applies with `--pace fast` on the system's clock, otherwise `azure`. After 90
   * minutes the operation times out, unless there is an `outcome`.
   */
  readonly duration?: number | { readonly azure: number, readonly fast: number }
  /** `timedOut`: as after 90 minutes. `{vmName}` in a message is replaced. Default: as the script ends. */
  readonly outcome?: 'succeeded' | 'canceled' | 'timedOut' | { readonly code: string, readonly message: string }
  /** The status of the response to the action. With 200 it waits for the result. Default: 202. */
  readonly answeredBy?: 200 | 202
}

/** `lateResult`: the status is Succeeded at once, but the result still gets 202 for a while. */
export type PollEffect = 'noStatus' | 'emptyBody' | 'invalidJson' | 'unknownStatus' | 'lateResult' |
  { readonly error: ErrorEffect }
