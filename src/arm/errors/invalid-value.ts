import { ArmError } from './arm-error.js'

export interface WrongValue {
  readonly parameter: string
  readonly value: string
  /** For example `must be true or false`. */
  readonly rule: string
}

/** The error for a value that breaks a rule. Azure does not say which rule, but the log does. */
export function invalidValue ({ parameter, value, rule }: WrongValue): ArmError {
  const error = new ArmError('InvalidValue', { parameter })
  error.help = `'${value}' ${rule}.`
  return error
}

/** The error for a filter that azrun does not know. Only the log names the forms that azrun knows. */
export function invalidFilter (filter: string, known: string): ArmError {
  const error = new ArmError('InvalidFilterInQueryString', { filter })
  error.help = `azrun knows only ${known}.`
  return error
}
