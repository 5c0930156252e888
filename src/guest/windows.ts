import type { Execution, ScriptParameter } from '../executors/executor.js'
import type { Status } from './result.js'

/** Inferred from that of Linux, since no capture has the path of a Windows script. */
const SCRIPT_PATH = 'C:\\Packages\\Plugins\\Microsoft.CPlat.Core.RunCommandWindows\\script0.ps1'

/**
 * Binds parameters by name. PowerShell takes the argument after a name with a colon as its value, even if it begins
 * with a dash.
 */
export function invocation (parameters: readonly ScriptParameter[]): Pick<Execution, 'interpreter' | 'args' | 'env'> {
  const named = parameters.filter(({ name }) => name !== '')
  return { interpreter: 'pwsh', args: [SCRIPT_PATH, ...named.flatMap(({ name, value }) => [`-${name}:`, value])], env: {} }
}

/** A status for each stream (recorded: azcli_sqlvm, ps_TestVirtualMachineSetRunCommand_polls). */
export function statuses (stdout: string, stderr: string): Status[] {
  return [status('StdOut', stdout), status('StdErr', stderr)]
}

function status (stream: 'StdOut' | 'StdErr', text: string): Status {
  return {
    code: `ComponentStatus/${stream}/succeeded`,
    level: 'Info',
    displayStatus: 'Provisioning succeeded',
    message: text.replaceAll('\r\n', '\n').replace(/\n$/, '')
  }
}
