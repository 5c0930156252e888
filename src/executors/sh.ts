import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import type { Execution } from './executor.js'

/** How to run a script with a POSIX shell. */
export interface ShellCommand {
  readonly file: string
  readonly args: readonly string[]
  /** What the script file must hold; undefined where the script travels as an argument. */
  readonly content?: string
}

/** Linux takes no longer single argument than this (MAX_ARG_STRLEN, with its closing NUL). */
const LONGEST_ARGUMENT = 128 * 1024 - 1

/** Shells that take a script by `-c`, and with it the name that the script is to see as `$0`. */
const SHELLS = new Set(['sh', 'bash', 'dash', 'ash', 'ksh', 'zsh'])

/** Options that may stand between a shell and its `-c`. */
const FLAGS = /^-[aefhiluvx]+$/

/**
 * The script with its parameters put before it, as Azure does (koralski in azure-cli #10400). It is handed over as an
 * argument, so that `$0` and the shell's messages name the path inside the VM; a script that is too long for that, or
 * for another interpreter, is run from its file, as the agent runs it.
 */
export function shellCommand (execution: Pick<Execution, 'script' | 'args' | 'env'>, scriptFile: string): ShellCommand {
  const prologue = exportLine(execution.env) + setLine(execution.args)
  const content = (prologue + execution.script).replaceAll('\0', '')
  const shell = prologue === '' ? findShell(content) : ['/bin/sh']
  if (shell === undefined) return { file: '/bin/sh', args: ['-c', '"$0"', scriptFile], content }
  const [file, ...options] = shell
  if (Buffer.byteLength(content) > LONGEST_ARGUMENT) return { file: file!, args: [...options, scriptFile], content }
  return { file: file!, args: [...options, '-c', '--', content, execution.args[0]] }
}

/** The shell that the first line asks for, `/bin/sh` where it asks for none; undefined for any other interpreter. */
function findShell (script: string): string[] | undefined {
  const [, interpreter, rest = ''] = /^#![ \t]*([^ \t\n]+)([^\n]*)/.exec(script) ?? []
  if (interpreter === undefined) return ['/bin/sh']
  const option = rest.trim()
  const isEnv = basename(interpreter) === 'env'
  if (!SHELLS.has(isEnv ? option : basename(interpreter)) || !existsSync(interpreter)) return undefined
  if (['', '-', '--'].includes(option)) return [interpreter]
  return isEnv || FLAGS.test(option) ? [interpreter, option] : undefined
}

function exportLine (env: Execution['env']): string {
  const assignments = Object.entries(env).map(([name, value]) => `${name}=${quote(value)}`)
  return assignments.length > 0 ? `export ${assignments.join(' ')}\n` : ''
}

function setLine ([, ...positional]: Execution['args']): string {
  return positional.length > 0 ? `set -- ${positional.map(quote).join(' ')}\n` : ''
}

/** In single quotes every byte stands for itself but the quote. */
function quote (value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`
}
