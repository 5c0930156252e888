import type { Execution, ScriptParameter } from '../executors/executor.js'
import type { FixtureResult } from '../executors/fixture.js'
import type { OperatingSystem } from '../resources/virtual-machines.js'

export type { ScriptParameter }

/** A script for the managed handler. */
export interface ManagedScript {
  readonly osType: OperatingSystem
  /** The name of the run command, of its extension and of its folder. */
  readonly name: string
  /** The number of the run, from 0. It is the name of the subfolder. */
  readonly sequence: number
  /** The id of the built-in command; for its own script, of the one that takes any script. */
  readonly commandId: string
  /** Undefined if it must be downloaded or there is none. */
  readonly script?: string
  readonly scriptUri?: string
  /** Protected ones come last. */
  readonly parameters: readonly ScriptParameter[]
  readonly user?: string
  readonly timeoutInSeconds: number
  readonly outputBlobUri?: string
  readonly errorBlobUri?: string
  /** The result to return without running the script. */
  readonly result?: FixtureResult
}

/** The folder of the Linux handler's scripts (documented: run-command-handler-linux). */
const LINUX_FOLDER = '/var/lib/waagent/run-command-handler/download'

/** Inferred from that of Linux, since no capture has the path of a Windows script. */
const WINDOWS_FOLDER = 'C:\\Packages\\Plugins\\Microsoft.CPlat.Core.RunCommandHandlerWindows\\Downloads'

/**
 * How the handler runs a script. On Linux, a parameter with a name is only an environment variable. One without a name
 * follows the script's path, unquoted. Empty values are lost (documented: exec.go of the handler). On Windows,
 * parameters are bound by name, or by position if they have none (inferred).
 */
export function managedInvocation (script: ManagedScript): Pick<Execution, 'interpreter' | 'args' | 'env'> {
  return script.osType === 'Linux' ? onLinux(script) : onWindows(script)
}

function onLinux ({ name, sequence, parameters }: ManagedScript): Pick<Execution, 'interpreter' | 'args' | 'env'> {
  const given = parameters.filter(({ value }) => value !== '')
  const named = given.filter(({ name }) => isVariable(name)).map(({ name, value }) => [name, value])
  const unnamed = given.filter(({ name }) => name === '').map(({ value }) => value)
  return {
    interpreter: 'bash',
    args: [`${LINUX_FOLDER}/${name}/${sequence}/script.sh`, ...unnamed],
    env: Object.fromEntries(named)
  }
}

function onWindows ({ name, sequence, parameters }: ManagedScript): Pick<Execution, 'interpreter' | 'args' | 'env'> {
  const args = parameters.flatMap(({ name, value }) => name === '' ? [value] : [`-${name}:`, value])
  return { interpreter: 'pwsh', args: [`${WINDOWS_FOLDER}\\script_${name}_${sequence}.ps1`, ...args], env: {} }
}

/** Whether the kernel accepts this name of a variable. The shell that runs the script drops others. */
function isVariable (name: string): boolean {
  return name !== '' && !/[=\0]/.test(name)
}
