import type { Execution, ScriptParameter } from '../executors/executor.js'
import type { Status } from './result.js'

/** Where the agent puts the script of a machine's first run command (recorded: java_canRunScriptOnVM). */
const SCRIPT_PATH = '/var/lib/waagent/run-command/download/0/script.sh'

/** A parameter is both an environment variable and an argument; a nameless one does not arrive (azure-cli #9923). */
export function invocation (parameters: readonly ScriptParameter[]): Pick<Execution, 'interpreter' | 'args' | 'env'> {
  const named = parameters.filter(({ name }) => name !== '')
  const exported = named.filter(({ name }) => /^[A-Za-z_]\w*$/.test(name))
  return {
    interpreter: 'sh',
    args: [SCRIPT_PATH, ...named.map(({ value }) => value)],
    env: Object.fromEntries(exported.map(({ name, value }) => [name, value]))
  }
}

/** One status with both streams, whatever the exit code (run-command-extension-linux, status.go and cmds.go). */
export function statuses (stdout: string, stderr: string): Status[] {
  return [{
    code: 'ProvisioningState/succeeded',
    level: 'Info',
    displayStatus: 'Provisioning succeeded',
    message: `Enable succeeded: \n[stdout]\n${stdout}\n[stderr]\n${stderr}`
  }]
}
