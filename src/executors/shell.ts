import { constants } from 'node:fs'
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { ExecutionError, type Execution, type ExecutionResult, type Executor } from './executor.js'
import { runProcess } from './process.js'
import { shellCommand } from './sh.js'

/** What a fresh machine's agent runs with: nothing of azrun's own environment reaches a script. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

interface Invocation {
  readonly file: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** Runs scripts on this machine, as the user that azrun runs as: `sh` for Linux, `pwsh` for Windows. */
export function createShellExecutor (): Executor {
  return {
    async execute (execution, signal): Promise<ExecutionResult> {
      const cwd = await mkdtemp(join(tmpdir(), 'azrun-')).catch(error => { throw toExecutionError(error) })
      try {
        const invocation = await (execution.interpreter === 'sh' ? sh(execution, cwd) : pwsh(execution, cwd))
        return await runProcess({ ...invocation, cwd, maxOutput: execution.maxOutput }, signal)
      } catch (error) {
        throw signal.aborted ? error : toExecutionError(error)
      } finally {
        // A script can make what its user cannot remove; its result counts all the same.
        await rm(cwd, { recursive: true, force: true, maxRetries: 3 }).catch(() => {})
      }
    }
  }
}

async function sh (execution: Execution, cwd: string): Promise<Invocation> {
  const scriptFile = join(cwd, 'script.sh')
  const command = shellCommand(execution, scriptFile)
  if (command.content !== undefined) await writeFile(scriptFile, command.content, { mode: 0o500 })
  return { file: command.file, args: command.args, env: { PATH } }
}

async function pwsh (execution: Execution, cwd: string): Promise<Invocation> {
  const file = await findOnPath('pwsh')
  if (file === undefined) {
    throw new ExecutionError('PowerShellNotFound', `${execution.commandId} needs PowerShell, and 'pwsh' is not on the ` +
      "PATH that azrun was started with: install PowerShell 7, or answer from fixtures with '--executor fixture'.")
  }
  const scriptFile = join(cwd, 'script.ps1')
  await writeFile(scriptFile, execution.script, { mode: 0o600 })
  const [, ...args] = execution.args
  return {
    file,
    args: ['-NoLogo', '-NoProfile', '-NonInteractive', '-File', scriptFile, ...args],
    env: { PATH, HOME: cwd, POWERSHELL_TELEMETRY_OPTOUT: '1', ...execution.env }
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
