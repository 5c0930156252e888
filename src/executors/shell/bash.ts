import { shellWord } from '../../core/shell-word.js'
import { commandName, ExecutionError, type Execution } from '../executor.js'
import { isProgram } from './programs.js'
import { kernelCommand, type ShellCommand } from './sh.js'

/** The shell of the managed handler, whatever the PATH (run-command-handler-linux). */
export const BASH = '/bin/bash'

/**
 * Runs the file as the managed handler's `bash -c "FILE VALUES"` does: bash expands the values, which are not quoted.
 * As for sh, the command also names the interpreter.
 */
export function bashCommand (execution: Pick<Execution, 'script' | 'args' | 'commandId' | 'runCommandName'>,
  scriptFile: string): ShellCommand {
  const { script, args } = execution
  if (!isProgram(BASH)) {
    throw new ExecutionError('BashNotFound', `${commandName(execution)} needs bash, and there is no ${BASH}: install ` +
      "bash, or use canned results with '--executor fixture'.")
  }
  const content = withoutNul(script)
  const [, ...values] = args
  const text = [...kernelCommand(content, scriptFile, BASH).map(shellWord), ...values.map(withoutNul)].join(' ')
  return { file: BASH, args: ['-c', text], content }
}

/** A text without NUL, which neither a variable nor a word of a command can have. */
export function withoutNul (text: string): string {
  return text.replaceAll('\0', '')
}
