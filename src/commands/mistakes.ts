import { configFlags, type Flag } from '../options/flags.js'
import { nearest } from '../validation/nearest.js'
import type { Definition } from './definition.js'

/** Variables that azrun sets itself: for clients, and for the scripts that it runs. */
const SET_BY_AZRUN = ['AZRUN_URL', 'AZRUN_SCRIPT']

/**
 * What Kubernetes sets in each pod for a service named azrun, and Docker for a linked container of that name:
 * AZRUN_SERVICE_HOST, AZRUN_PORT=tcp://10.0.0.1:80, AZRUN_NAME=/web/azrun, AZRUN_ENV_* and more.
 */
const OF_SERVICES =
  /^AZRUN_(\w+_)?(SERVICE_(HOST|PORT\w*)|PORT_\d+_(TCP|UDP|SCTP)\w*)=|^\w+_PORT=(tcp|udp|sctp):|^AZRUN_(NAME=\/|ENV_)/

const MAX_WORD_LENGTH = 100

/** azrun's variables: their names begin with AZRUN_, they have a value, and do not describe a service named azrun. */
export function ownVariables (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name, value = '']) =>
    name.startsWith('AZRUN_') && value !== '' && !OF_SERVICES.test(`${name}=${value}`)))
}

/** A line for each variable that azrun does not know. */
export function unknownVariables (env: NodeJS.ProcessEnv): string[] {
  const variables = configFlags.map(({ variable }) => variable!)
  return Object.keys(env).filter(name => !variables.includes(name) && !SET_BY_AZRUN.includes(name)).map(name => {
    const near = meant(withoutPrefix(name), variables.map(withoutPrefix))
    return `unknown variable ${name}` +
      (near === undefined ? ": remove it; 'azrun serve --help' lists the options" : `; did you mean AZRUN_${near}?`)
  })
}

function withoutPrefix (variable: string): string {
  return variable.replace('AZRUN_', '')
}

/** The line for an unknown word; `kind` is what it should be, such as a command. */
export function unknownWord (kind: string, word: string, known: readonly string[]): string {
  const near = meant(word, known)
  return `unknown ${kind} '${oneLine(word)}'; ` +
    (near === undefined ? `the ${kind}s are ${known.join(', ')}` : `did you mean '${near}'?`)
}

/** A line for each word that a command does not take. */
export function unknownWords (words: readonly string[], { name, shared, own = [] }: Definition,
  commands: readonly Definition[]): string[] {
  const flags = [...shared, ...own]
  const elsewhere = commands.flatMap(command => [...command.shared, ...command.own ?? []])
  return words.flatMap((word, index) => {
    const [flag, value] = word.split('=', 2) as [string, string?]
    // A known option: where a command to run may begin, commander stops at the first unknown option.
    if (flags.some(known => known.flag === flag)) return []
    if (value !== undefined && isBare(flag, flags)) return [`${flag} takes no value: write only ${flag}`]
    if (word.startsWith('-')) return [unknownFlag(flag, name, flags, elsewhere)]
    // This may be the value of an unknown option.
    if (words[index - 1]?.startsWith('-') && !words[index - 1]!.includes('=')) return []
    return [unexpected(word, name, commands)]
  })
}

/** Whether a word is an option without a value: help, or a switch turned off. */
function isBare (word: string, flags: readonly Flag[]): boolean {
  return word === '--help' || flags.some(flag => isNegated(word, flag))
}

function isNegated (word: string, { flag, schema }: Flag): boolean {
  return schema.type === 'boolean' && word === flag.replace('--', '--no-')
}

function unknownFlag (word: string, command: string, flags: readonly Flag[], elsewhere: readonly Flag[]): string {
  if (elsewhere.some(other => other.flag === word || isNegated(word, other))) {
    return `${command} does not use ${word}: remove it; 'azrun ${command} --help' lists its options`
  }
  const names = flags.map(({ flag }) => flag.slice(2))
  const near = word.startsWith('--') ? meant(word.slice(2), [...names, 'help', 'version']) : LETTERS[word.toLowerCase()]
  return `unknown option '${oneLine(word)}'; ${near === undefined
    ? `'azrun ${command} --help' lists the options`
    : near === 'version' ? versionHint(word, names) : `did you mean '--${near}'?`}`
}

/** The options that single letters stand for. */
const LETTERS: Readonly<Record<string, string>> = { '-h': 'help', '-v': 'version' }

/** Only azrun itself has this option, not its commands. In many programs -v is --verbose. */
function versionHint (word: string, names: readonly string[]): string {
  return `'azrun -V' prints the version${word === '-v' && names.includes('verbose') ? ', and --verbose logs more' : ''}`
}

function unexpected (word: string, command: string, commands: readonly Definition[]): string {
  return commands.some(({ name }) => name === word)
    ? `unexpected argument '${word}': the command comes first, as in 'azrun ${word} --help'`
    : `unexpected argument '${oneLine(word)}': ${command} takes options only, which begin with --`
}

/** The known word that `word` abbreviates or resembles. */
function meant (word: string, known: readonly string[]): string | undefined {
  return known.find(candidate => word.length > 2 && candidate.startsWith(word)) ?? nearest(word, known)
}

/** A word of the user in one line, of limited length. */
export function oneLine (text: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > MAX_WORD_LENGTH ? `${line.slice(0, MAX_WORD_LENGTH)}...` : line
}
