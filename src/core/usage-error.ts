/** What the user gave is not usable: a line for them to read, and exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
