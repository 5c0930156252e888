import type { Execution, ScriptParameter } from '../executors/executor.js'
import type { FixtureResult } from '../executors/fixture.js'
import type { OperatingSystem } from '../core/virtual-machines.js'

export type { ScriptParameter }

/** What the managed handler runs. */
export interface ManagedScript {
  readonly osType: OperatingSystem
  /** The name of the run command: of the extension, and of its folder. */
  readonly name: string
  /** Which run of it this is, from 0: the name of the folder below. */
  readonly sequence: number
  /** The id of a built-in command: its own, or that of one that takes any script. */
  readonly commandId: string
  /** Undefined if it has to be downloaded, or if there is none. */
  readonly script?: string
  readonly scriptUri?: string
  /** Those that are protected come last. */
  readonly parameters: readonly ScriptParameter[]
  readonly user?: string
  readonly timeoutInSeconds: number
  readonly outputBlobUri?: string
  readonly errorBlobUri?: string
  /** The result in place of the executor's: nothing runs. */
  readonly result?: FixtureResult
}

/** What the handler calls the script that it runs on this system (documented: run-command-handler-linux). */
const LINUX_FOLDER = '/var/lib/waagent/run-command-handler/download'

/** Inferred from the Linux handler's; no capture shows the path of a Windows script. */
const WINDOWS_FOLDER = 'C:\\Packages\\Plugins\\Microsoft.CPlat.Core.RunCommandHandlerWindows\\Downloads'

/**
 * How the handler runs a script. On Linux a parameter with a name is an environment variable alone, and one without is
 * written after the script's path, unquoted; an empty value does not arrive (documented: exec.go of the handler). On
 * Windows it is bound by name, or by its place where it has none (inferred).
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

/** What the kernel takes for a name of a variable; the shell that runs the script leaves out others. */
function isVariable (name: string): boolean {
  return name !== '' && !/[=\0]/.test(name)
}
