import { shellWord } from '../../core/shell-word.js'
import type { Execution } from '../executor.js'
import { isProgram } from './programs.js'

/** The command for a script file, and its content. */
export interface ShellCommand {
  readonly file: string
  readonly args: readonly string[]
  readonly content: string
}

/** The shell of the agent, whatever the PATH. */
export const SH = '/bin/sh'

/** The part of the first line that the kernel reads (BINPRM_BUF_SIZE without its final NUL). */
const FIRST_LINE = 255

/**
 * Writes the parameters before the script, as Azure does (koralski in azure-cli #10400), so that the script's own `#!`
 * line does not count any more (inferred). Runs the file as the agent's `sh -c FILE` does: with the interpreter of the
 * `#!` line, as the kernel reads it, or else with sh. The command line has only the file, so that other users see
 * neither the script nor its parameters. It also names the interpreter, so that scripts run even where nothing in
 * TMPDIR may be executed.
 */
export function shellCommand (execution: Pick<Execution, 'script' | 'args' | 'env'>, scriptFile: string): ShellCommand {
  const content = (exportLine(execution.env) + setLine(execution.args) + execution.script).replaceAll('\0', '')
  const words = kernelCommand(content, scriptFile, SH)
  const [file, ...args] = words.length > 1 ? words : [SH, '-c', shellWord(scriptFile)] as const
  return { file: file!, args, content }
}

/**
 * The words that run a file with this content: as the kernel would by its `#!` line, else with the shell. Only the file
 * if the interpreter is not a program, so that the shell reports the kernel's error.
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
  const assignments = Object.entries(env).map(([name, value]) => `${name}=${shellWord(value)}`)
  return assignments.length > 0 ? `export ${assignments.join(' ')}\n` : ''
}

function setLine ([, ...positional]: Execution['args']): string {
  return positional.length > 0 ? `set -- ${positional.map(shellWord).join(' ')}\n` : ''
}
