import { withoutUser } from '../core/secrets.js'
import type { ExecutionError } from '../executors/executor.js'
import { failed, type ManagedOutcome } from './managed-outcome.js'
import type { ManagedScript } from './managed-script.js'

/**
 * The exit codes of failures before a script runs (documented: constants/exitcodes.go of the handler). azrun uses
 * `notExecuted` for everything that keeps it from running a script.
 */
const EXIT_CODES = {
  downloadFailed: -100,
  blobNotCreated: -101,
  userNotFound: -102,
  noSource: -202,
  notExecuted: -204
} as const

/** The outcome of a command without a script (recorded: azcli_managed_vm_2022; the code is a newer handler's). */
export function noSource (): ManagedOutcome {
  return failed(EXIT_CODES.noSource, "failed to get configuration: invalid configuration: Either 'source.script' or " +
    "'source.scriptUri' has to be specified")
}

/** The outcome of an executor that could not run the script. */
export function notExecuted ({ code, message }: ExecutionError, { osType, user }: ManagedScript): ManagedOutcome {
  if (code !== 'RunAsUserNotFound') {
    return { ...failed(EXIT_CODES.notExecuted, `failed to execute command: ${message}`), error: { code, message } }
  }
  // Recorded: azure-cli #21602, #23462.
  if (osType === 'Windows') {
    return { ...failed(0, ''), message: 'Script cannot be executed with specified runAsUser/runAsPassword parameters' }
  }
  return failed(EXIT_CODES.userNotFound, `failed to execute command: Failed to lookup RunAs user '${user}'. Looks like ` +
    'user does not exist. For RunAs to work properly, contact admin of VM and make sure RunAs user is added on the VM and ' +
    'user has access to resources accessed by the Run Command (Directories, Files, Network etc.). Refer: ' +
    `https://aka.ms/RunCommandManagedLinux: user: unknown user ${user}`)
}

/** The outcome of a script that could not be downloaded. */
export function downloadFailed (uri: string, { message }: Error): ManagedOutcome {
  return failed(EXIT_CODES.downloadFailed,
    'File downloads failed. Use either a public script URI that points to .sh file, Azure storage blob SAS URI or ' +
    'storage blob accessible by a managed identity and retry. If managed identity is used, make sure it has been given ' +
    `access to container of storage blob '${withoutSecrets(uri)}' with 'Storage Blob Data Reader' role assignment. In case ` +
    "of user-assigned identity, make sure you add it under VM's identity. For more info, refer " +
    `https://aka.ms/RunCommandManagedLinux: ${message}`)
}

/** The outcome of a script whose output blob could not be created. */
export function blobNotCreated (uri: string, { message }: Error): ManagedOutcome {
  return failed(EXIT_CODES.blobNotCreated,
    `Error creating AppendBlob '${withoutSecrets(uri)}' using SAS token or Managed identity. Please use a valid blob ` +
    'SAS URI with [read, append, create, write] permissions OR managed identity. For more info, refer ' +
    `https://aka.ms/RunCommandManagedLinux: ${message}`)
}

/** A URI without its password and its query, which may be a signature. */
export function withoutSecrets (uri: string): string {
  return withoutUser(uri).replace(/[?#].*$/s, '')
}
