import type { Flag } from '../options/flags.js'

/** The longest term that leaves room for its description in 80 columns. */
const MAX_TERM = 26

/** An option as help shows it: `--port PORT`, `--pace fast|azure`, `--log-level LEVEL`. */
export function termOf ({ flag, schema: { type, title, enum: choices } }: Flag): string {
  if (type === 'boolean') return flag
  const listed = `${flag} ${choices?.join('|')}`
  if (choices !== undefined && listed.length <= MAX_TERM) return listed
  return `${flag} ${title ?? flag.split('-').at(-1)!.toUpperCase()}`
}

/** What help says about an option: its description, the choices that its term does not list, and the default. */
export function descriptionOf (flag: Flag): string {
  const { description = '', default: value, enum: choices = [] } = flag.schema
  const isListed = termOf(flag).includes('|') || choices.every(choice => description.includes(`${choice}:`))
  const isMeaningful = value !== undefined && value !== false && !Array.isArray(value)
  return [
    description,
    ...isListed ? [] : [`One of ${choices.join(', ')}.`],
    ...isMeaningful ? [`Default: ${value}.`] : []
  ].join(' ')
}
