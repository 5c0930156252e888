/** What the log has for one thing that happened, besides pino's own members. `msg` tells the events apart. */
export const messages = {
  runCommand: 'run command',
  operation: 'operation',
  errorResponse: 'error response',
  request: 'request'
} as const

/** An operation, once it has ended and the request that started it has its response: a run command, or any other. */
export interface OperationEvent {
  readonly method: string
  /** The name of the machine, or of the scale set or resource group. */
  readonly vm: string
  /** Of the action that runs a command, its id, such as `RunShellScript`. */
  readonly command?: string
  /** The name of a managed run command. */
  readonly name?: string
  /** Of any other action, its name, such as `powerOff`. */
  readonly action?: string
  /** Of the response to that request: 202, or what it waited for. Undefined with `async`. */
  readonly status?: number
  /** At the end of a script that its operation did not wait for: outcome and time are those of the script. */
  readonly async?: true
  readonly operation: string
  readonly outcome: 'Succeeded' | 'Failed' | 'Canceled'
  /** Of the script, which Azure does not show; undefined where none has run to its end. */
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
