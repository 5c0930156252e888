import { chownSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, posix } from 'node:path'
import { messageOf } from '../../core/message-of.js'
import { commandName, ExecutionError, type Execution, type ExecutionResult, type Executor } from '../executor.js'
import { accountOf, type Account } from './accounts.js'
import { bashCommand, withoutNul } from './bash.js'
import { runProcess, SinkFailure, type Command } from './process.js'
import { findProgram } from './programs.js'
import type { Replacement } from './replacement.js'
import { shellCommand } from './sh.js'
import { Workspace, type WorkspaceOptions } from './workspace.js'

/** The agent's PATH on a new machine. Scripts do not inherit azrun's own environment. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

interface Invocation extends Pick<Command, 'file' | 'args' | 'env'> {
  /** The script's file. */
  readonly script: { readonly name: string, readonly content: string, readonly mode: number }
  readonly replacement?: Replacement
}

type Variables = Readonly<Record<string, string>>

const INVOCATIONS: Readonly<Record<Execution['interpreter'],
  (execution: Execution, directory: string, variables: Variables) => Invocation>> = { sh, bash, pwsh }

/**
 * Runs scripts on this machine: with `sh` or `bash` for Linux, with `pwsh` for Windows. They run as the user that runs
 * azrun or, if that is root, as any user.
 */
export function createShellExecutor (options: WorkspaceOptions): Executor {
  const workspace = new Workspace(options)
  return {
    async execute (execution, { signal }): Promise<ExecutionResult> {
      try {
        const { user, interpreter, maxOutput, sinks, timeUp } = execution
        const account = user === undefined ? undefined : await accountOf(user)
        const place = await workspace.open({ isForUser: account !== undefined })
        try {
          const { directory, marker } = place
          const { script, ...invocation } = INVOCATIONS[interpreter](execution, directory, variablesOf(account))
          writeScript(join(directory, script.name), script, account)
          return await runProcess({ ...invocation, cwd: directory, marker, maxOutput, account, sinks, timeUp }, signal)
        } finally {
          await workspace.clear(place)
        }
      } catch (error) {
        if (error instanceof SinkFailure) throw error.cause
        throw signal.aborted ? error : toExecutionError(error)
      }
    },
    async close () {
      workspace.close()
    }
  }
}

/** The variables that a login sets for a user. */
function variablesOf (account: Account | undefined): Variables {
  if (account === undefined) return { PATH }
  return { PATH, HOME: account.home, USER: account.name, LOGNAME: account.name }
}

function writeScript (file: string, { content, mode }: Invocation['script'], account: Account | undefined): void {
  writeFileSync(file, content, { mode })
  if (account !== undefined) chownSync(file, account.uid, account.gid)
}

function sh (execution: Execution, directory: string, variables: Variables): Invocation {
  const { content, ...command } = shellCommand(execution, join(directory, 'script.sh'))
  return { ...command, env: variables, ...posixScript(content, directory, execution) }
}

function bash (execution: Execution, directory: string, variables: Variables): Invocation {
  const { content, ...command } = bashCommand(execution, join(directory, 'script.sh'))
  const given = Object.entries(execution.env).map(([name, value]) => [name, withoutNul(value)])
  const env = { ...variables, ...Object.fromEntries(given) }
  return { ...command, env, ...posixScript(content, directory, execution) }
}

/** Replaces the directory in the output by the agent's, as in `$0` and in messages of the shell. */
function posixScript (content: string, directory: string,
  { args: [path] }: Execution): Pick<Invocation, 'script' | 'replacement'> {
  return {
    script: { name: 'script.sh', content, mode: 0o500 },
    ...posix.isAbsolute(path) && { replacement: { text: directory, by: posix.dirname(path) } }
  }
}

function pwsh (execution: Execution, directory: string, variables: Variables): Invocation {
  const file = findProgram('pwsh', process.env['PATH'] ?? '')
  if (file === undefined) {
    throw new ExecutionError('PowerShellNotFound', `${commandName(execution)} needs PowerShell, and 'pwsh' is not on ` +
      "the PATH that azrun was started with: install PowerShell 7, or use canned results with '--executor fixture'.")
  }
  const name = 'script.ps1'
  const [, ...args] = execution.args
  return {
    file,
    args: ['-NoLogo', '-NoProfile', '-NonInteractive', '-File', join(directory, name), ...args],
    env: { HOME: directory, ...variables, POWERSHELL_TELEMETRY_OPTOUT: '1', ...execution.env },
    script: { name, content: execution.script, mode: 0o600 }
  }
}

function toExecutionError (error: unknown): ExecutionError {
  if (error instanceof ExecutionError) return error
  const reason = `azrun could not start the script: ${messageOf(error)}${adviceFor(error)}`
  return new ExecutionError('ScriptNotStarted', reason, { cause: error })
}

/** What to do about an error of the system. Everything but the start of the shell concerns the script's files. */
function adviceFor (error: unknown): string {
  const { code, syscall } = Object(error) as NodeJS.ErrnoException
  if (code === 'EMFILE' || code === 'ENFILE') {
    return '; raise the limit of open files (ulimit -n) and start azrun again, or run fewer scripts at once with --max-scripts'
  }
  if (syscall === undefined || syscall.startsWith('spawn')) return ''
  return `; its files are in ${tmpdir()}: set TMPDIR to a directory that has room and that azrun can write, and start azrun again`
}
