import { fileURLToPath } from 'node:url'
import { SUBSCRIPTION } from '../../harness/emulator.js'

const resource = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', location: 'westeurope' }

/** The Azure that it sees, as options of azrun. */
export const OPTIONS = {
  strict: true,
  subscriptions: [{ subscriptionId: SUBSCRIPTION, displayName: 'Tests' }],
  virtualMachines: [{ ...resource, name: 'vm' }, { ...resource, name: 'off', powerState: 'deallocated' as const }],
  virtualMachineScaleSets: [{ ...resource, name: 'ss', instances: ['0', '3'] }]
}

/** The variables that it needs besides those of `azrun exec`. */
export const SETTINGS = {
  // Both, because the server sends telemetry to Microsoft if only the first is false.
  AZURE_MCP_COLLECT_TELEMETRY: 'false',
  AZURE_MCP_COLLECT_TELEMETRY_MICROSOFT: 'false',
  DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1',
  // By default the program extracts 40 MB of libraries to each new home.
  DOTNET_BUNDLE_EXTRACT_BASE_DIR: fileURLToPath(new URL('node_modules/.net', import.meta.url))
}

/** The error for a machine that is not declared. */
export const UNKNOWN =
  /^The Resource '\S+\/unknown' under resource group 'rg' .*\nStatus: 404 .*\nErrorCode: ResourceNotFound\n/
