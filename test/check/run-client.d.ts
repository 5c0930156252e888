export interface ClientOptions {
  /** The id of the rule that the client breaks; none by default. */
  readonly broken?: string | undefined
  readonly script: readonly string[]
  /** Has azrun's variables. */
  readonly env: Readonly<Record<string, string>>
  /** What the client trusts, if that is not what Node does. */
  readonly ca?: string
}

/** What the client prints, and its exit code. */
export function runClient (options: ClientOptions): Promise<{ exitCode: number, stdout: string, stderr: string }>
