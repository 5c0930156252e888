/** What the log has for one thing that happened, besides pino's own members. `msg` tells the events apart. */
export const messages = {
  runCommand: 'run command',
  errorResponse: 'error response',
  request: 'request'
} as const

/** A run command, once it has ended and its request has its response. */
export interface RunCommandEvent {
  readonly method: string
  /** The machine's name. */
  readonly vm: string
  /** The command's id, such as `RunShellScript`. */
  readonly command: string
  /** Of the response to the action: 202, or what the request waited for. */
  readonly status: number
  readonly operation: string
  readonly outcome: 'Succeeded' | 'Failed' | 'Canceled'
  /** Of the script, which Azure does not show. */
  readonly exitCode?: number
  readonly error?: { readonly code: string, readonly message: string }
  /** From the operation's start to its end, by the emulator's clock. */
  readonly ms: number
}

/** A response with a status of 400 to 499. */
export interface ErrorResponseEvent {
  /** Undefined, as is the url, for bytes that are not a request. */
  readonly method?: string
  readonly url?: string
  /** The machine's name and the command's id, if the request was for a run command and came that far. */
  readonly vm?: string
  readonly command?: string
  readonly status: number
  readonly code: string
  readonly reason: string
}

/** A response of any kind; at level debug. */
export interface RequestEvent {
  readonly method: string
  readonly url: string
  readonly status: number
  readonly ms: number
}
