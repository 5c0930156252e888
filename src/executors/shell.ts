import { constants, writeFileSync } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, join, posix } from 'node:path'
import { ExecutionError, type Execution, type ExecutionResult, type Executor } from './executor.js'
import type { Replacement } from './output.js'
import { runProcess } from './process.js'
import { shellCommand } from './sh.js'
import { Workspace, type WorkspaceOptions } from './workspace.js'

/** The PATH of the agent on a fresh machine. Scripts get nothing of azrun's own environment. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

interface Invocation {
  readonly file: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly replacement?: Replacement
}

/** Runs scripts on this machine, as the user that runs azrun: with `sh` for Linux, with `pwsh` for Windows. */
export function createShellExecutor (options: WorkspaceOptions): Executor {
  const workspace = new Workspace(options)
  return {
    async execute (execution, { signal }): Promise<ExecutionResult> {
      const place = await workspace.open().catch(error => { throw toExecutionError(error) })
      const { directory, marker } = place
      try {
        const invocation = await (execution.interpreter === 'sh' ? sh(execution, directory) : pwsh(execution, directory))
        return await runProcess({ ...invocation, cwd: directory, marker, maxOutput: execution.maxOutput }, signal)
      } catch (error) {
        throw signal.aborted ? error : toExecutionError(error)
      } finally {
        await workspace.clear(place)
      }
    },
    async close () {
      workspace.close()
    }
  }
}

function sh (execution: Execution, directory: string): Invocation {
  const scriptFile = join(directory, 'script.sh')
  const { content, ...command } = shellCommand(execution, scriptFile)
  writeFileSync(scriptFile, content, { mode: 0o500 })
  return { ...command, env: { PATH }, replacement: insideTheMachine(directory, execution) }
}

/** Output names the directory as the agent does: in `$0`, in messages of the shell, and where the script prints it. */
function insideTheMachine (directory: string, { args: [path] }: Execution): Replacement | undefined {
  return posix.isAbsolute(path) ? { text: directory, by: posix.dirname(path) } : undefined
}

async function pwsh (execution: Execution, directory: string): Promise<Invocation> {
  const file = await findOnPath('pwsh')
  if (file === undefined) {
    throw new ExecutionError('PowerShellNotFound', `${execution.commandId} needs PowerShell, and 'pwsh' is not on ` +
      "the PATH that azrun was started with: install PowerShell 7, or use canned results with '--executor fixture'.")
  }
  const scriptFile = join(directory, 'script.ps1')
  writeFileSync(scriptFile, execution.script, { mode: 0o600 })
  const [, ...args] = execution.args
  return {
    file,
    args: ['-NoLogo', '-NoProfile', '-NonInteractive', '-File', scriptFile, ...args],
    env: { PATH, HOME: directory, POWERSHELL_TELEMETRY_OPTOUT: '1', ...execution.env }
  }
}

async function findOnPath (program: string): Promise<string | undefined> {
  for (const directory of (process.env['PATH'] ?? '').split(delimiter)) {
    const file = join(directory, program)
    if (directory !== '' && await access(file, constants.X_OK).then(() => true, () => false)) return file
  }
  return undefined
}

function toExecutionError (error: unknown): ExecutionError {
  if (error instanceof ExecutionError) return error
  const reason = error instanceof Error ? error.message : String(error)
  return new ExecutionError('ScriptNotStarted', `azrun could not start the script: ${reason}`, { cause: error })
}
