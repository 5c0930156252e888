import { shellWord } from '../core/shell-word.js'
import { UsageError } from '../core/usage-error.js'
import { ownValueOf } from '../options/flag-values.js'
import type { Options } from '../options/options.js'
import type { Argument, Call, Definition } from './definition.js'
import { oneLine, ownVariables, unknownVariables, unknownWord, unknownWords } from './mistakes.js'

/** A command line as commander has parsed it. */
export interface Parsed {
  readonly definition: Definition
  readonly commands: readonly Definition[]
  /** The values of each option, as text, by its name. */
  readonly given: Readonly<Record<string, readonly string[]>>
  /** The words before `--` that are neither options of the command nor their values. */
  readonly words: readonly string[]
  /** The command line before `--`. */
  readonly argv: readonly string[]
  /** What follows `--`; undefined without it. */
  readonly command: readonly string[] | undefined
  readonly env: NodeJS.ProcessEnv
}

/**
 * Checks a command line. A command with a configuration reports its mistakes when it reads that; for any other, this
 * throws a `UsageError`.
 */
export function callOf (parsed: Parsed): Omit<Call, 'help'> {
  const { definition: { shared, own = [] }, given, words, command = [] } = parsed
  const env = ownVariables(parsed.env)
  const problems = [...wordMistakes(parsed), ...exclusions(parsed)]
  const values = own.map(flag => [flag.name, ownValueOf(flag, given[flag.name] ?? [], problems) ?? flag.schema.default])
  if (shared.length > 0) problems.push(...unknownVariables(env))
  else if (problems.length > 0) throw new UsageError(problems)
  const sources = async (defaults?: Partial<Options>) => {
    const { sourcesOf } = await import('../options/command-line.js')
    return await sourcesOf({ flags: shared, given, env, defaults, problems })
  }
  return {
    async config () {
      return await (await import('../options/config.js')).readConfig(await sources())
    },
    async setup (defaults, choose) {
      return await (await import('../options/setup.js')).readSetup(await sources(defaults), {}, { choose })
    },
    own: Object.fromEntries(values),
    argument: words[0] ?? '',
    command
  }
}

function wordMistakes (parsed: Parsed): string[] {
  const { definition, commands, words, command } = parsed
  if (definition.runsCommand) return commandMistakes(parsed)
  const { argument } = definition
  const taken = argument === undefined ? unknownWords(words, definition, commands) : argumentMistakes(parsed, argument)
  return command === undefined ? taken : [...taken, `'--' is for exec and check only: write azrun exec -- ${commandLine(command)}`]
}

function argumentMistakes (parsed: Parsed, { name: kind, choices, isOptional = false }: Argument): string[] {
  const { definition, definition: { name }, commands, words: [first = '', ...more] } = parsed
  if (first === '' && !isOptional) return [`${name} needs a ${kind}, one of ${choices.join(', ')}: azrun ${name} ${choices[0]}`]
  if (first !== '' && !choices.includes(first)) return [unknownWord(kind, first, choices)]
  return unknownWords(more, definition, commands)
}

function commandMistakes (parsed: Parsed): string[] {
  const { definition, definition: { name }, commands, words, command } = parsed
  if (command === undefined && words.length > 0 && !words[0]!.startsWith('-')) return [separatorMissing(parsed)]
  const isMissing = command === undefined || command.length === 0
  return [
    ...unknownWords(words, definition, commands),
    ...isMissing ? [`${name} needs a command after --: azrun ${name} [options] -- COMMAND ARGS...`] : []
  ]
}

function exclusions ({ definition: { shared, own = [], exclusive = [] }, given }: Parsed): string[] {
  const flags = [...shared, ...own].filter(({ name }) => name in given).map(({ flag }) => flag)
  return exclusive.filter(({ flag }) => flags.includes(flag)).flatMap(({ flag, excludes, why }) =>
    excludes.filter(excluded => flags.includes(excluded))
      .map(excluded => `${excluded} cannot be combined with ${flag}, which ${why}: remove one of the two`))
}

/** The mistake of a command without `--`. Commander has stopped at the command, so the words begin with it. */
function separatorMissing ({ definition: { name }, words, argv }: Parsed): string {
  const options = argv.slice(0, argv.length - words.length)
  // Editors turn -- into a dash, which comes back with the pasted command.
  const [dash, command] = /^\p{Pd}+$/u.test(words[0]!) ? [`, not ${words[0]}`, words.slice(1)] : ['', words]
  return `${name} needs -- before the command${dash}: write azrun ${commandLine(options)} -- ${commandLine(command)}`
}

/** Quotes the words for a shell. */
function commandLine (words: readonly string[]): string {
  return oneLine(words.map(word => /^[\w@%+=:,./-]+$/.test(word) ? word : shellWord(word)).join(' '))
}
