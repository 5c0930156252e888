/** A request and its response in the journal. Secrets are `<redacted>`. */
export interface JournalEntry {
  /** The number of the entry, from 1, in the order of responses. */
  readonly sequence: number
  /** When the request came, by azrun's clock, in ISO 8601. */
  readonly time: string
  /** The time until the response began, by azrun's clock. */
  readonly durationMs: number
  /** The operationId in openapi/arm.json or entra.json; undefined for an unknown path. */
  readonly operation?: string
  readonly method: string
  /** The URL as it was sent, with the origin by which the client reached azrun. */
  readonly url: string
  /** Undefined if the connection was cut or stalled before a response, or the client had left. */
  readonly status?: number
  /** Set if the connection was cut in the middle of the response. */
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
  /** What Azure accepts in the request although the contract forbids it. */
  readonly leniencies: readonly string[]
  readonly request: Message
  readonly response: Message
  /** Only for a run command. */
  readonly command?: JournalCommand
  /** The operation that the request started or polled. */
  readonly operationId?: string
  /** The polls of the operation that the request started, oldest first. */
  readonly polls?: readonly Poll[]
}

/** The headers and the body of a request or a response. */
export interface Message {
  /** The headers by name, as sent. A header that occurs more than once has a list. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string
}

/** The command of a request, and the end of its script. */
export interface JournalCommand {
  /** Undefined for a managed run command with its own script. */
  readonly commandId?: string
  /** The name of a managed run command. */
  readonly name?: string
  /** The lines joined with `\n`. Undefined for a script that is downloaded. */
  readonly script?: string
  /** The parameters, except the protected ones. */
  readonly parameters: Readonly<Record<string, string>>
  /** Undefined, like all that follows, until the script has ended. */
  readonly exitCode?: number
  /** The last 4096 bytes, as in Azure's response. */
  readonly stdout?: string
  readonly stderr?: string
  /** The lengths of the whole streams. */
  readonly stdoutBytes?: number
  readonly stderrBytes?: number
  /** How long the script waited for its turn, and how long it ran. */
  readonly queuedMs?: number
  readonly ranMs?: number
}

/** A poll of the operation that a request started. */
export interface Poll {
  readonly time: string
  readonly status?: number
}

/** A mistake in a request or a response. */
export interface Finding {
  /** Such as `R1`, or `contract`. */
  readonly rule: string
  readonly severity: 'error' | 'warning' | 'note'
  readonly message: string
  /** The place, such as `request.body.script` or `response.headers.Location`. */
  readonly path?: string
}
