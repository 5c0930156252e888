import { UsageError } from '../core/usage-error.js'

/** The lines that tell the user about a failure, and the exit code: 2 for a mistake in the call, else 1. */
export function failureOf (error: unknown): { readonly lines: readonly string[], readonly code: 1 | 2 } {
  if (error instanceof UsageError) return { lines: error.problems, code: 2 }
  return { lines: [error instanceof Error ? error.message : String(error)], code: 1 }
}
