/** The `msg` of each event, which distinguishes them in the log. */
export const messages = {
  runCommand: 'run command',
  operation: 'operation',
  errorResponse: 'error response',
  request: 'request'
} as const

/** An operation, logged once it has ended and the starting request has its response. */
export interface OperationEvent {
  readonly method: string
  /** The name of the machine, or of the scale set or resource group. */
  readonly vm: string
  /** For the action runCommand, the command's id, such as `RunShellScript`. */
  readonly command?: string
  /** The name of a managed run command. */
  readonly name?: string
  /** For any other action, its name, such as `powerOff`. */
  readonly action?: string
  /** The status of the response to that request: 202, or that of the result. Undefined with `async`. */
  readonly status?: number
  /** For the end of an asynchronous script, whose outcome and time these are. */
  readonly async?: true
  readonly operation: string
  readonly outcome: 'Succeeded' | 'Failed' | 'Canceled'
  /** The script's exit code, which Azure does not show; undefined if no script has run to its end. */
  readonly exitCode?: number
  readonly error?: { readonly code: string, readonly message: string }
  /** From the operation's start to its end, by the emulator's clock. */
  readonly ms: number
}

/** A response with a status of 400 to 499. */
export interface ErrorResponseEvent {
  /** Undefined, like `url`, for bytes that are not a request. */
  readonly method?: string
  readonly url?: string
  /** The machine's name and the command's id, if the request was for a run command and they are known. */
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
