import type { Course } from '../core/course.js'

/**
 * A case that azrun produces on demand: plain data, the same in a file, over HTTP and in TypeScript. The schema is that
 * of openapi/admin.json.
 */
export interface Scenario {
  /** By this name it is replaced and removed, and the journal shows it. */
  readonly name: string
  /** Default: every request. */
  readonly match?: Match
  /** Which of the matching calls: `1`, `1-2` or `3-`. Default: all. */
  readonly calls?: string
  /** The probability with which it applies to a call, from 0 to 1, drawn from `--seed`. Default: 1. */
  readonly chance?: number
  /** What happens: at most one effect of each kind. */
  readonly do: readonly Effect[]
}

/** Which requests: all members must match. Texts match as a whole, with `*` for any text. */
export interface Match {
  /** An operationId of openapi/arm.json or entra.json. Polls are `Operations_Get`. */
  readonly operation?: string
  readonly subscriptionId?: string
  readonly resourceGroup?: string
  /** Of a poll, this and what follows is what its operation was started with. Ids and names match without case. */
  readonly vmName?: string
  /** A match on this, `script` or `parameters` is about polls only if `operation`, or the effect `poll`, says so. */
  readonly commandId?: string
  /** Compared with the script's lines joined with `\n`. */
  readonly script?: string
  /** Parameters that must be present; others are ignored. */
  readonly parameters?: Readonly<Record<string, string>>
  readonly method?: string
  /** The path of the URL, without its query and without case. */
  readonly path?: string
  /** By name; both without case. */
  readonly header?: Readonly<Record<string, string>>
}

/** One thing that happens: exactly one member, whose name is the kind of effect. */
export type Effect = Partial<EffectValues>

export type EffectKind = keyof EffectValues

export interface EffectValues {
  /** Azure's error envelope. Of a list, each call gets the next one in turn. */
  readonly error: ErrorEffect | readonly ErrorEffect[]
  /** Any response. `status` is 200 by default. */
  readonly answer: {
    readonly status?: number
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: string
  }
  /** 429 with that layer's body and headers. Defaults: `Compute`, 1 second, `seconds`. */
  readonly throttle: {
    readonly by?: 'Compute' | 'ResourceManager'
    readonly retryAfter?: number
    readonly form?: 'seconds' | 'date' | 'ms'
  }
  readonly delay: { readonly ms: number }
  /** What the connection does once the request has been handled. */
  readonly socket: SocketEffect
  /** How the operation unfolds that the request starts. */
  readonly operation: OperationEffect
  /** What a poll says. */
  readonly poll: PollEffect
  /** The script's result, in place of the executor's. Defaults: 0, empty, empty, 0 milliseconds. */
  readonly guest: {
    readonly exitCode?: number
    readonly stdout?: string
    readonly stderr?: string
    readonly durationMs?: number
  }
  /** What the token endpoint and managed identity do; `slow` is in milliseconds, `shortToken` in seconds. */
  readonly login: 'error' | 'identityNotReady' | { readonly slow: number } | { readonly shortToken: number }
}

export interface ErrorEffect {
  /** Default: that of the table's entry with this code; 400 if there is none. */
  readonly status?: number
  /** A code of the error table alone suffices. */
  readonly code: string
  readonly message?: string
  /** The name of the table's entry, where several have the same code. Default: the first. */
  readonly entry?: string
  /** What the blanks of the table's message stand for. Default: what the request says. */
  readonly values?: Readonly<Record<string, string>>
  readonly details?: readonly object[]
  /** In addition to Azure's. */
  readonly headers?: Readonly<Record<string, string>>
}

/** `truncate` sends that many bytes of the body under the full length, then cuts; `drip` is in bytes per second. */
export type SocketEffect = 'reset' | 'close' | 'stall' | { readonly truncate: number } | { readonly drip: number }

/** Unless `answeredBy` is 200 the action is answered 202, whatever `--respond` and Prefer say. */
export interface OperationEffect extends Course {
  /**
   * Milliseconds, at least; `fast` counts at `--pace fast` on the system's clock, `azure` otherwise. One beyond 90
   * minutes ends as a timeout does, unless there is an `outcome`.
   */
  readonly duration?: number | { readonly azure: number, readonly fast: number }
  /** `timedOut`: as after 90 minutes. `{vmName}` in a message is filled in. Default: as the script ends. */
  readonly outcome?: 'succeeded' | 'canceled' | 'timedOut' | { readonly code: string, readonly message: string }
  /** The status of the response to the action: 200 for one that waits for the result. Default: 202. */
  readonly answeredBy?: 200 | 202
}

/** `lateResult`: the status is Succeeded at once, and the result stays 202 for a while. */
export type PollEffect = 'noStatus' | 'emptyBody' | 'invalidJson' | 'unknownStatus' | 'lateResult' |
  { readonly error: ErrorEffect }
