import type { OptionError } from '../core/usage-error.js'
import type { Config, OptionKey } from './options.js'

/** Formats an error about an option as a line, in which the option has the name that the user knows. */
export function tellOption ({ option, predicate }: OptionError, { nameOf }: Pick<Config, 'nameOf'>): string {
  return `${nameOf(option as OptionKey).subject} ${predicate}`
}
