import { execFileSync, spawnSync } from 'node:child_process'
import t from 'tap'
import { completions } from '../../src/commands/completion.js'
import { definitions } from '../../src/commands/definitions.js'

const { bash, zsh, fish } = {
  bash: completions.bash(definitions),
  zsh: completions.zsh(definitions),
  fish: completions.fish(definitions)
}
const NAMES = definitions.map(({ name }) => name).sort()

/** The reason to skip the tests of a shell, or false. */
function missing (shell: string): string | false {
  return spawnSync(shell, ['-c', ':']).error === undefined ? false : `${shell} is not installed`
}

t.test('bash completes commands, options and values', { skip: missing('bash') }, async t => {
  const complete = (...words: string[]) => {
    const script = `${bash}COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _azrun; printf '%s\\n' "\${COMPREPLY[@]}"`
    return execFileSync('bash', ['--norc', '-c', script, 'bash', ...words], { encoding: 'utf8' }).split('\n').slice(0, -1)
  }
  t.strictSame(complete('azrun', 'h'), ['healthcheck', 'help'])
  t.strictSame(complete('azrun', 'env', '--f'), ['--format'])
  t.strictSame(complete('azrun', 'env', '--format', 'p'), ['powershell'])
  t.strictSame(complete('azrun', '--executor', ''), ['fixture', 'shell'])
  t.strictSame(complete('azrun', '--executor', '='), ['fixture', 'shell'], 'bash splits words at =')
  t.strictSame(complete('azrun', '--executor', '=', 's'), ['shell'])
  t.strictSame(complete('azrun', 'healthcheck', '--exec'), [''], 'an option of other commands')
  t.strictSame(complete('azrun', 'completion', 'z'), ['zsh'])
  t.strictSame(complete('azrun', 'help', 'comp'), ['completion'])
  t.strictSame(complete('azrun', '--config', 'x'), [''], 'bash itself completes file names')
  t.ok(complete('azrun', 'exec', '--', 'bas').includes('bash'))
})

t.test('zsh completes commands, options and values', { skip: missing('zsh') }, async t => {
  // eslint-disable-next-line no-template-curly-in-string
  const stubs = '_arguments() { print -rl -- "$@" }; _describe() { print -rl -- ${(P)2} }; compdef() { : }\n'
  const complete = (...words: string[]) =>
    execFileSync('zsh', ['-f', '-c', `${stubs}${zsh}words=("$@"); CURRENT=$#; _azrun`, 'zsh', ...words], { encoding: 'utf8' })
      .split('\n').slice(0, -1)
  t.strictSame(complete('azrun', '').map(line => line.split(':')[0]).sort(), NAMES)
  t.ok(complete('azrun', 'env', '').includes('--format[The format to print.]:value:(sh fish powershell json github)'))
  t.ok(complete('azrun', '-').some(line => line.startsWith('--executor[fixture\\: return canned')))
  t.ok(complete('azrun', 'exec', '--', '').includes('*:::command:_normal'))
  t.ok(complete('azrun', 'completion', '').includes('1:shell:(bash zsh fish)'))
  t.ok(complete('azrun', '--config', '').some(line => line.endsWith(':value:_files')))
})

t.test('fish completes commands, options and values', { skip: missing('fish') }, async t => {
  const home = t.testdir()
  const complete = (line: string) =>
    execFileSync('fish', ['-c', `${fish}complete -C '${line}'`], { encoding: 'utf8', env: { ...process.env, HOME: home } })
      .split('\n').slice(0, -1).map(each => each.split('\t')[0])
  t.strictSame(complete('azrun ').filter(each => !each!.startsWith('-')).sort(), NAMES)
  t.strictSame(complete('azrun env --f'), ['--format'])
  t.strictSame(complete('azrun env --format '), ['fish', 'github', 'json', 'powershell', 'sh'])
  t.strictSame(complete('azrun --executor '), ['fixture', 'shell'])
  t.strictSame(complete('azrun healthcheck --exec'), [])
  t.strictSame(complete('azrun completion z'), ['zsh'])
  t.ok(complete('azrun exec -- bas').includes('bash'))
})
