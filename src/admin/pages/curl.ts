import { shellWord } from '../../core/shell-word.js'
import type { VirtualMachine } from '../../resources/virtual-machines.js'

export interface SampleOptions {
  readonly vm: VirtualMachine
  /** The authority of the URL with which the reader reached azrun. */
  readonly authority: string
  /** Whether scripts run. Otherwise the sample's command matches a built-in fixture. */
  readonly runsScripts: boolean
  readonly needsToken: boolean
}

/**
 * A shell command that runs a script on a machine. It uses plain HTTP, which needs no certificate. If azrun checks
 * tokens, it takes one from the variable TOKEN.
 */
export function sampleCurl ({ vm, authority, runsScripts, needsToken }: SampleOptions): string {
  const { subscriptionId, resourceGroup, name } = vm.id
  const path = `/subscriptions/${encodeURIComponent(subscriptionId)}/resourceGroups/${encodeURIComponent(resourceGroup!)}` +
    `/providers/Microsoft.Compute/virtualMachines/${encodeURIComponent(name)}/runCommand?api-version=2024-03-01`
  return [
    `curl -H ${needsToken ? '"Authorization: Bearer $TOKEN"' : "'Authorization: Bearer any'"}`,
    "  -H 'Content-Type: application/json' -H 'Prefer: wait=10'",
    `  -d ${shellWord(JSON.stringify(bodyFor(vm, runsScripts)))}`,
    `  ${shellWord(`http://${authority}${path}`)}`
  ].join(' \\\n')
}

function bodyFor ({ osType }: VirtualMachine, runsScripts: boolean): object {
  const commandId = osType === 'Windows' ? 'RunPowerShellScript' : 'RunShellScript'
  if (!runsScripts) return { commandId }
  return { commandId, script: [osType === 'Windows' ? 'Write-Output "hello from $(hostname)"' : 'echo "hello from $(uname -n)"'] }
}
