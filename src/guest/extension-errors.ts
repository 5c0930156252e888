import { OperationError } from '../operations/operation.js'
import type { TimeLimit } from '../operations/plan.js'

/** Azure gives up after 90 minutes (documented: azure-docs run-command.md). */
export const TIME_LIMIT = 90 * 60 * 1000

/** The time limit of an operation that waits for an extension. */
export function timeLimitOf (extension: string): TimeLimit {
  return { ms: TIME_LIMIT, error: () => extensionTimeout(extension) }
}

/** The time limits of the action, by the system of the machine. */
export const timeouts = { Linux: timeLimitOf('RunCommandLinux'), Windows: timeLimitOf('RunCommandWindows') } as const

/** The error of a machine that no longer responds (recorded: azure-xplat-cli #2794). */
export function agentLost (vmName: string): OperationError {
  return new OperationError('VMAgentStatusCommunicationError', `VM '${vmName}' has not reported status for VM agent or ` +
    'extensions. Please verify the VM has a running VM agent, and can establish outbound connections to Azure storage.')
}

/** The error of an extension that does not report its end in time (recorded: azure-sdk-for-python #4369). */
function extensionTimeout (extension: string): OperationError {
  return new OperationError('VMExtensionProvisioningTimeout', `Provisioning of VM extension '${extension}' has timed out. ` +
    'Extension installation may be taking too long, or extension status could not be obtained.')
}
