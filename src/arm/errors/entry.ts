import type { Layer } from '../responses/arm-response.js'

/** The source of the code, the text and the status: see "Facts of the wire" in CONTRIBUTING.md. */
export type ErrorSource = 'recorded' | 'documented' | 'inferred' | 'ours'

export interface ErrorEntry {
  readonly status: number
  /** Default: the entry's name. */
  readonly code?: string
  /** Names in braces are placeholders. */
  readonly message: string
  readonly target?: string
  readonly layer: Layer
  /** The service behind Resource Manager that sends it, if not Compute. */
  readonly service?: 'Network' | 'Resource Graph'
  /** Whether to close the connection after it. Resource Manager does after a 403 or 409 (recorded). */
  readonly close?: boolean
  readonly source: ErrorSource
}
