import { OperationError } from '../operations/operation.js'

/** Azure gives up after 90 minutes (documented: azure-docs run-command.md). */
const TIME_LIMIT = 90 * 60 * 1000

/** The time limits of operations, by the system of the machine. */
export const timeouts = {
  Linux: { ms: TIME_LIMIT, error: () => extensionTimeout('RunCommandLinux') },
  Windows: { ms: TIME_LIMIT, error: () => extensionTimeout('RunCommandWindows') }
} as const

/** The error of a machine that no longer responds (recorded: azure-xplat-cli #2794). */
export function agentLost (vmName: string): OperationError {
  return new OperationError('VMAgentStatusCommunicationError', `VM '${vmName}' has not reported status for VM agent or ` +
    'extensions. Please verify the VM has a running VM agent, and can establish outbound connections to Azure storage.')
}

/** The error of an extension that does not report its end in time (recorded: azure-sdk-for-python #4369). */
export function extensionTimeout (extension: string): OperationError {
  return new OperationError('VMExtensionProvisioningTimeout', `Provisioning of VM extension '${extension}' has timed out. ` +
    'Extension installation may be taking too long, or extension status could not be obtained.')
}
