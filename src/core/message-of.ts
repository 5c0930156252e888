/** The message of an error, or any other thrown value as text. Never throws: a user's own code may throw anything. */
export function messageOf (reason: unknown): string {
  try {
    return String(reason instanceof Error ? reason.message : reason)
  } catch {
    return 'an error that cannot be shown as text'
  }
}
