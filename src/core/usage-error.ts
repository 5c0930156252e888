/** What the user gave cannot be used: a line to read for each problem, and exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly code = 'ERR_AZRUN_USAGE'
  /** One line each. */
  readonly problems: readonly string[]

  constructor (problems: string | readonly string[]) {
    const lines = [problems].flat().map(problem => problem.replaceAll(/\s*\n\s*/g, ' '))
    super(lines.join('\n'))
    this.problems = lines
  }
}

/** The value of one option cannot be used. Who throws this does not know how the user set the option. */
export class OptionError extends UsageError {
  readonly option: string
  /** The message after the name of the option: the value, the rule, and what to do. */
  readonly predicate: string

  constructor (option: string, predicate: string) {
    super(`option '${option}' ${predicate}`)
    this.option = option
    this.predicate = predicate
  }
}
