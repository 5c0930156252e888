/** What a script wrote. */
export interface ScriptOutput {
  /** The last 4096 bytes, as in Azure's response. */
  readonly stdout: string
  readonly stderr: string
  /** The lengths of the whole streams. */
  readonly stdoutBytes: number
  readonly stderrBytes: number
}

/** A built-in command. */
export interface CommandDocument {
  readonly id: string
  /** The script that runs if the request has none. */
  readonly script: readonly string[]
}

/** The end of a script that could be run. */
export interface ScriptEnd {
  readonly exitCode: number
  readonly output: ScriptOutput
}

/**
 * The script of an operation, from the request to its end: for the journal, the page of recent runs and the log. It has
 * all members from the beginning, because the journal keeps one for each operation.
 */
export class ScriptRun {
  /** Empty until the operation has started. */
  operationId = ''
  /** Undefined for a managed run command, and for an operation without a script. */
  readonly document: CommandDocument | undefined
  /** Like `output` and `ranMs`, undefined until the script has ended, and for one that could not be run. */
  exitCode: number | undefined = undefined
  output: ScriptOutput | undefined = undefined
  /** The milliseconds that it waited for its turn. */
  queuedMs: number | undefined = undefined
  /** The milliseconds that it ran. */
  ranMs: number | undefined = undefined
  /** Called when the script has ended. */
  onEnd: (() => void) | undefined = undefined

  constructor (document?: CommandDocument) {
    this.document = document
  }

  end ({ exitCode, output }: ScriptEnd, ranMs: number): void {
    this.exitCode = exitCode
    this.output = output
    this.ranMs = ranMs
    this.onEnd?.()
  }
}
