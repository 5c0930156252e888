type Variables = Readonly<Record<string, string>>

/** How `azrun env` writes variables and the names to be unset: for a shell, a program or a job of GitHub Actions. */
export const formats = { sh, fish, powershell, json, github }

export type Format = keyof typeof formats

function sh (variables: Variables, unset: readonly string[]): string {
  return lines([
    ...unset.map(name => `unset ${name}`),
    ...Object.entries(variables).map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'`)
  ])
}

function fish (variables: Variables, unset: readonly string[]): string {
  return lines([
    ...unset.map(name => `set -e ${name}`),
    ...Object.entries(variables).map(([name, value]) => `set -gx ${name} '${value.replaceAll(/[\\']/g, '\\$&')}'`)
  ])
}

/** PowerShell takes typographic single quotes for plain ones. */
function powershell (variables: Variables, unset: readonly string[]): string {
  return lines([
    ...unset.map(name => `$env:${name} = $null`),
    ...Object.entries(variables).map(([name, value]) => `$env:${name} = '${value.replaceAll(/['\u2018-\u201B]/g, '$&$&')}'`)
  ])
}

/** null is for what is to be unset. */
function json (variables: Variables, unset: readonly string[]): string {
  return lines([JSON.stringify({ ...Object.fromEntries(unset.map(name => [name, null])), ...variables }, undefined, 2)])
}

/** For `>> "$GITHUB_ENV"`, which cannot unset. */
function github (variables: Variables): string {
  return lines(Object.entries(variables).map(([name, value]) => {
    const end = endFor(value)
    return `${name}<<${end}\n${value}\n${end}`
  }))
}

/** A line that the value does not have. */
function endFor (value: string): string {
  let end = 'AZRUN'
  while (value.includes(end)) end += '_'
  return end
}

function lines (all: readonly string[]): string {
  return all.map(line => `${line}\n`).join('')
}
