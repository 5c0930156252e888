import { shellWord } from '../core/shell-word.js'
import type { Flag } from '../options/flags.js'
import type { Definition } from './definition.js'

/** For each shell, a function that returns its completion script for these commands. */
export const completions = { bash, zsh, fish }

type Definitions = readonly Definition[]

function flagsOf ({ own = [], shared }: Definition): readonly Flag[] {
  return [...own, ...shared]
}

function isSwitch ({ schema }: Flag): boolean {
  return schema.type === 'boolean'
}

/** Completes file names where the script knows no words. */
function bash (definitions: Definitions): string {
  const flags = [...new Map(definitions.flatMap(flagsOf).map(flag => [flag.flag, flag])).values()]
  const values = flags.filter(flag => !isSwitch(flag)).map(({ flag, schema: { enum: choices } }) =>
    `    ${flag}) ${choices === undefined ? '' : `COMPREPLY=($(compgen -W '${choices.join(' ')}' -- "$word")); `}return ;;`)
  const words = definitions.map(definition => `    ${definition.name}) words='${[
    ...definition.argument?.choices ?? [], ...flagsOf(definition).map(({ flag }) => flag), '--help',
    ...definition.runsCommand ? ['--'] : []
  ].join(' ')}' ;;`)
  return `# Completion of azrun for bash.
_azrun() {
  local word=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command=serve words i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    if [[ \${COMP_WORDS[i]} == -- ]]; then
      if ((i == COMP_CWORD - 1)); then COMPREPLY=($(compgen -c -- "$word")); fi
      return
    fi
  done
  if ((COMP_CWORD > 1)) && [[ \${COMP_WORDS[1]} != -* ]]; then command=\${COMP_WORDS[1]}; fi
  if [[ $word == '=' ]]; then word=; elif [[ $previous == '=' ]]; then previous=\${COMP_WORDS[COMP_CWORD-2]}; fi
  case $previous in
${values.join('\n')}
  esac
  case $command in
${words.join('\n')}
  esac
  if ((COMP_CWORD == 1)); then words="${definitions.map(({ name }) => name).join(' ')} $words --version"; fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _azrun azrun
`
}

function zsh (definitions: Definitions): string {
  const specOf = (flag: Flag) => {
    const { description = '', title, type, enum: choices } = flag.schema
    const values = choices !== undefined ? `(${choices.join(' ')})` : { FILE: '_files', PATH: '_files', DIR: '_files -/' }[title ?? ''] ?? ' '
    const isRepeatable = type === 'array' ? '*' : ''
    return shellWord(`${isRepeatable}${flag.flag}[${escaped(description, /[[\]\\:]/g)}]${isSwitch(flag) ? '' : `:value:${values}`}`)
  }
  const cases = definitions.map(definition => {
    const { name, argument, runsCommand } = definition
    const specs = [
      ...flagsOf(definition).map(specOf), "'(- *)'{-h,--help}'[Print this help.]'",
      ...argument === undefined ? [] : [`'1:${argument.name}:(${argument.choices.join(' ')})'`],
      ...runsCommand ? ["'*:::command:_normal'"] : []
    ]
    // With -S, zsh leaves the words after -- to the command.
    return `    ${name}) _arguments -S ${specs.join(' \\\n      ')} ;;`
  })
  return `#compdef azrun
_azrun() {
  local command=serve
  local -a commands=(
${definitions.map(({ name, summary }) => `    ${shellWord(`${name}:${summary}`)}`).join('\n')}
  )
  if ((CURRENT == 2)) && [[ $words[2] != -* ]]; then
    _describe command commands
    return
  fi
  if [[ $words[2] != -* ]]; then
    command=$words[2]
    shift words
    ((CURRENT--))
  fi
  case $command in
${cases.join('\n')}
  esac
}
if [[ $funcstack[1] == _azrun ]]; then _azrun "$@"; else compdef _azrun azrun; fi
`
}

function fish (definitions: Definitions): string {
  const others = definitions.slice(1).map(({ name }) => name).join(' ')
  const lines = definitions.flatMap((definition, index) => {
    const { name, summary, argument } = definition
    const condition = index === 0 ? `not __fish_seen_subcommand_from ${others}` : `__fish_seen_subcommand_from ${name}`
    const of = (rest: string) => `complete -c azrun -n '${condition}' ${rest}`
    return [
      `complete -c azrun -n __fish_use_subcommand -a ${name} -d ${inFish(summary)}`,
      ...argument === undefined ? [] : [of(`-a ${inFish(argument.choices.join(' '))}`)],
      ...flagsOf(definition).map(flag => of(`-l ${flag.flag.slice(2)}${valueInFish(flag)} -d ${inFish(flag.schema.description ?? '')}`)),
      ...definition.runsCommand ? [of("-a '(__fish_complete_subcommand --)'")] : []
    ]
  })
  return `# Completion of azrun for fish.\ncomplete -c azrun -f\n${lines.join('\n')}\n`
}

function valueInFish ({ schema: { type, title, enum: choices } }: Flag): string {
  if (type === 'boolean') return ''
  if (choices !== undefined) return ` -x -a ${inFish(choices.join(' '))}`
  return ['FILE', 'PATH', 'DIR'].includes(title ?? '') ? ' -r -F' : ' -x'
}

function inFish (text: string): string {
  return `'${escaped(text, /[\\']/g)}'`
}

function escaped (text: string, special: RegExp): string {
  return text.replaceAll(special, '\\$&')
}
