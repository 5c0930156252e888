/** A request and its response, as the journal shows them. Secrets are `<redacted>`. */
export interface JournalEntry {
  /** Counts the entries from 1, in the order of their responses. */
  readonly sequence: number
  /** When the request came, by azrun's clock, in ISO 8601. */
  readonly time: string
  /** Until the response began, by azrun's clock. */
  readonly durationMs: number
  /** An operationId of openapi/arm.json or entra.json; undefined for a path that neither has. */
  readonly operation?: string
  readonly method: string
  /** As it was sent, with the origin by which the client reached azrun. */
  readonly url: string
  /** Undefined if the connection was cut or stalled before a response. */
  readonly status?: number
  /** Only of a response whose body the client did not get as a whole: its connection was cut before the end. */
  readonly isCut?: true
  readonly subscriptionId?: string
  readonly resourceGroup?: string
  readonly vmName?: string
  /** x-ms-client-request-id, or Entra's client-request-id. */
  readonly clientRequestId?: string
  readonly userAgent?: string
  /** The names of the scenarios that applied, separated by commas. */
  readonly scenario?: string
  readonly findings: readonly Finding[]
  /** What Azure takes of the request although the contract forbids it. */
  readonly leniencies: readonly string[]
  readonly request: Message
  readonly response: Message
  /** Of a run command. */
  readonly command?: JournalCommand
  /** The operation that the request started or polled. */
  readonly operationId?: string
  /** The polls of the operation that the request started, oldest first. */
  readonly polls?: readonly Poll[]
}

export interface Message {
  /** By name as it was sent; a header that occurs more than once has a list. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string
}

export interface JournalCommand {
  /** Undefined for a managed run command with a script of its own. */
  readonly commandId?: string
  /** The name of a managed run command. */
  readonly name?: string
  /** The lines joined with `\n`. Undefined for a script that is downloaded. */
  readonly script?: string
  /** Without those that are protected. */
  readonly parameters: Readonly<Record<string, string>>
  /** What follows is undefined until the script has ended. */
  readonly exitCode?: number
  /** At most the last 4096 bytes, as Azure shows them. */
  readonly stdout?: string
  readonly stderr?: string
  /** Of the whole streams. */
  readonly stdoutBytes?: number
  readonly stderrBytes?: number
  /** Milliseconds that it waited for its turn, and that it ran. */
  readonly queuedMs?: number
  readonly ranMs?: number
}

export interface Poll {
  readonly time: string
  readonly status?: number
}

/** Something that is wrong with a request or a response. */
export interface Finding {
  /** Such as `R1`, or `contract`. */
  readonly rule: string
  readonly severity: 'error' | 'warning' | 'note'
  readonly message: string
  /** Where: such as `request.body.script` or `response.headers.Location`. */
  readonly path?: string
}
