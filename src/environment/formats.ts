import { shellWord } from '../core/shell-word.js'

type Variables = Readonly<Record<string, string>>

/**
 * The output formats of `azrun env`, for shells, programs and GitHub Actions. Each prints the variables to set; all but
 * the last also the names to unset.
 */
export const formats = { sh, fish, powershell, json, github }

/** The name of a format. */
export type Format = keyof typeof formats

function sh (variables: Variables, unset: readonly string[]): string {
  return lines([
    ...unset.map(name => `unset ${name}`),
    ...Object.entries(variables).map(([name, value]) => `export ${name}=${shellWord(value)}`)
  ])
}

function fish (variables: Variables, unset: readonly string[]): string {
  return lines([
    ...unset.map(name => `set -e ${name}`),
    ...Object.entries(variables).map(([name, value]) => `set -gx ${name} '${value.replaceAll(/[\\']/g, '\\$&')}'`)
  ])
}

/** PowerShell treats typographic single quotes as plain ones, so both are doubled. */
function powershell (variables: Variables, unset: readonly string[]): string {
  return lines([
    ...unset.map(name => `$env:${name} = $null`),
    ...Object.entries(variables).map(([name, value]) =>
      `$env:${name} = '${value.replaceAll(/['\u2018-\u201B]/g, '$&$&')}'`)
  ])
}

/** A variable to unset is null. */
function json (variables: Variables, unset: readonly string[]): string {
  return lines([JSON.stringify({ ...Object.fromEntries(unset.map(name => [name, null])), ...variables }, undefined, 2)])
}

/**
 * For `>> "$GITHUB_OUTPUT"`: outputs for the `env` of one later step. They cannot unset variables, so `azrun env` names
 * those on stderr.
 */
function github (variables: Variables): string {
  return lines(Object.entries(variables).map(([name, value]) => {
    const delimiter = delimiterFor(value)
    return `${name}<<${delimiter}\n${value}\n${delimiter}`
  }))
}

/** A heredoc delimiter that does not occur in the value. */
function delimiterFor (value: string): string {
  let delimiter = 'AZRUN'
  while (value.includes(delimiter)) delimiter += '_'
  return delimiter
}

function lines (all: readonly string[]): string {
  return all.map(line => `${line}\n`).join('')
}
