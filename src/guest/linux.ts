import type { Execution, ScriptParameter } from '../executors/executor.js'
import type { Status } from './result.js'

/**
 * The path of the script of a machine's first run command (recorded: java_canRunScriptOnVM). That later ones have it is
 * inferred: Azure counts the runs whose settings differ (documented), but no capture shows two on one machine.
 */
const SCRIPT_PATH = '/var/lib/waagent/run-command/download/0/script.sh'

/** A parameter is both an environment variable and an argument. One without a name is lost (azure-cli #9923). */
export function invocation (parameters: readonly ScriptParameter[]): Pick<Execution, 'interpreter' | 'args' | 'env'> {
  const args: [string, ...string[]] = [SCRIPT_PATH]
  const exported: [name: string, value: string][] = []
  for (const { name, value } of parameters) {
    if (name === '') continue
    args.push(value)
    if (/^[A-Za-z_]\w*$/.test(name)) exported.push([name, value])
  }
  return { interpreter: 'sh', args, env: Object.fromEntries(exported) }
}

/** One status for both streams, whatever the exit code (run-command-extension-linux, status.go and cmds.go). */
export function statuses (stdout: string, stderr: string): Status[] {
  return [{
    code: 'ProvisioningState/succeeded',
    level: 'Info',
    displayStatus: 'Provisioning succeeded',
    message: `Enable succeeded: \n[stdout]\n${stdout}\n[stderr]\n${stderr}`
  }]
}
