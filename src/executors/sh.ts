import type { Execution } from './executor.js'
import { isProgram } from './programs.js'

/** How to run a script file for a POSIX shell, and what the file contains. */
export interface ShellCommand {
  readonly file: string
  readonly args: readonly string[]
  readonly content: string
}

/** What the kernel reads of the first line (BINPRM_BUF_SIZE, less its closing NUL). */
const FIRST_LINE = 255

/**
 * Puts the parameters before the script, as Azure does (koralski in azure-cli #10400), and runs the file as the agent's
 * `sh -c FILE` does: with the interpreter of the `#!` line, as the kernel reads it, or else with sh. The command line
 * names the file alone, so that other users do not see the script and its parameters. The interpreter is named, too:
 * where nothing in TMPDIR may be executed, scripts run all the same.
 */
export function shellCommand (execution: Pick<Execution, 'script' | 'args' | 'env'>, scriptFile: string): ShellCommand {
  const content = (exportLine(execution.env) + setLine(execution.args) + execution.script).replaceAll('\0', '')
  const words = kernelCommand(content, scriptFile, '/bin/sh')
  const [file, ...args] = words.length > 1 ? words : ['/bin/sh', '-c', quote(scriptFile)] as const
  return { file: file!, args, content }
}

/**
 * The words that run a file with this content: as the kernel runs it by its `#!` line, else with the shell. The file
 * alone if the interpreter is no program: then a shell that runs it says what the kernel says.
 */
export function kernelCommand (content: string, scriptFile: string, shell: string): readonly string[] {
  // execve(2): the interpreter, and the rest of the line as one argument.
  const [, interpreter, rest = ''] = /^#![ \t]*([^ \t\n]+)([^\n]*)/.exec(content.slice(0, FIRST_LINE)) ?? []
  if (interpreter === undefined) return [shell, scriptFile]
  if (!isProgram(interpreter)) return [scriptFile]
  const argument = rest.trim()
  return argument === '' ? [interpreter, scriptFile] : [interpreter, argument, scriptFile]
}

function exportLine (env: Execution['env']): string {
  const assignments = Object.entries(env).map(([name, value]) => `${name}=${quote(value)}`)
  return assignments.length > 0 ? `export ${assignments.join(' ')}\n` : ''
}

function setLine ([, ...positional]: Execution['args']): string {
  return positional.length > 0 ? `set -- ${positional.map(quote).join(' ')}\n` : ''
}

/** Within single quotes, only the single quote itself is special. */
export function quote (value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`
}
