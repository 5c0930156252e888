/** The source of the status, the code and the text: see "Facts of the wire" in CONTRIBUTING.md. */
export type ErrorSource = 'recorded' | 'documented' | 'inferred' | 'ours'

export interface ErrorEntry {
  readonly status: number
  /** OAuth's `error`; for Microsoft Graph and Resource Manager the `code`. */
  readonly error: string
  /** The number after AADSTS. */
  readonly code?: number
  /** Names in braces are placeholders. */
  readonly message: string
  readonly source: ErrorSource
  /** Members that the body has after those of its form. */
  readonly members?: Readonly<Record<string, unknown>>
}
