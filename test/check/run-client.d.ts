export interface ClientOptions {
  /** The id of the rule that the client breaks; none by default. */
  readonly broken?: string | undefined
  /** The name of one of the variants in habits.js; none by default. */
  readonly variant?: string | undefined
  /** The machines on which the script runs at the same time. Default: `vm1`. */
  readonly machines?: readonly string[]
  readonly script: readonly string[]
  /** The environment, with azrun's variables. */
  readonly env: Readonly<Record<string, string>>
  /** The CA certificate that the client trusts instead of those that Node trusts. */
  readonly ca?: string
}

/** Runs a script on machines. Resolves to the output and the exit code of the client. */
export function runClient (options: ClientOptions): Promise<{ exitCode: number, stdout: string, stderr: string }>
