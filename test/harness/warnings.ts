import t from 'tap'

/** A list of warnings, and a function that adds to it. */
export function collectWarnings () {
  const warnings: string[] = []
  return { warnings, warn: (message: string) => { warnings.push(message) } }
}

/** Fails the test for a warning, where none is expected. */
export function noWarning (message: string): void {
  t.fail(message)
}
