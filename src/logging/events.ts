/** The kinds of log entries that have members of their own. `msg` tells the kinds apart. */
export const messages = {
  runCommand: 'run command',
  operation: 'operation',
  errorResponse: 'error response',
  request: 'request'
} as const

/** An operation, such as a run command, that has ended and whose request has its response. */
export interface OperationEvent {
  readonly method: string
  /** The name of the machine, or of the scale set or resource group. */
  readonly vm: string
  /** The id of the command, such as `RunShellScript`, if the action runs one. */
  readonly command?: string
  /** The name of a managed run command. */
  readonly name?: string
  /** The name of any other action, such as `powerOff`. */
  readonly action?: string
  /** The status of that response: 202, or the final one if the request waited. Undefined with `async`. */
  readonly status?: number
  /** Present if the operation did not wait for its script: outcome and time are then those of the script. */
  readonly async?: true
  readonly operation: string
  readonly outcome: 'Succeeded' | 'Failed' | 'Canceled'
  /** The exit code of the script, which Azure does not show; undefined if no script has run to its end. */
  readonly exitCode?: number
  readonly error?: { readonly code: string, readonly message: string }
  /** From the operation's start to its end, by the emulator's clock. */
  readonly ms: number
}

/** A response with a status of 400 to 499. */
export interface ErrorResponseEvent {
  /** Undefined, like the URL, if the bytes are no request. */
  readonly method?: string
  readonly url?: string
  /** The machine's name and the command's id, if azrun could read them from a request for a run command. */
  readonly vm?: string
  readonly command?: string
  readonly status: number
  readonly code: string
  readonly reason: string
}

/** Any response, at level debug. */
export interface RequestEvent {
  readonly method: string
  readonly url: string
  readonly status: number
  readonly ms: number
}
