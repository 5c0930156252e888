export interface ClientOptions {
  /** The id of the rule that the client breaks; none by default. */
  readonly broken?: string | undefined
  readonly script: readonly string[]
  /** The environment, with azrun's variables. */
  readonly env: Readonly<Record<string, string>>
  /** The CA certificate that the client trusts instead of those that Node trusts. */
  readonly ca?: string
}

/** Runs a script on a machine. Resolves to the output and the exit code of the client. */
export function runClient (options: ClientOptions): Promise<{ exitCode: number, stdout: string, stderr: string }>
