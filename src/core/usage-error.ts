/** Wrong input by the user: one line for each problem. The command line exits with code 2. */
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

/** A wrong value of one option, thrown where it is unknown how the user set the option. */
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
