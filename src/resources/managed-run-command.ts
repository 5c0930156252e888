import { pathKeyOf } from '../core/resource-id.js'
import type { RecordKey } from '../core/store.js'
import type { VirtualMachine } from './virtual-machines.js'

/** How many managed run commands a machine may have (recorded: azure-docs #117976). */
export const MAX_RUN_COMMANDS = 25

export type ExecutionState = 'Unknown' | 'Pending' | 'Running' | 'Failed' | 'Succeeded' | 'TimedOut' | 'Canceled'
type ProvisioningState = 'Creating' | 'Updating' | 'Succeeded' | 'Failed' | 'Canceled' | 'Deleting'

/** The progress or result of a script. Times are text, as in the response. */
export interface RunCommandInstanceView {
  readonly exitCode: number
  readonly executionState: ExecutionState
  readonly executionMessage?: string
  readonly output?: string
  readonly error?: string
  readonly startTime?: string
  readonly endTime?: string
}

export interface RunCommandSource {
  readonly script?: string
  readonly scriptUri?: string
  readonly commandId?: string
}

/** What a managed run command runs, and how. Protected values are left out. */
export interface ManagedSettings {
  readonly source: RunCommandSource
  readonly parameters?: readonly { readonly name: string, readonly value: string }[]
  readonly runAsUser?: string
  readonly timeoutInSeconds?: number
  readonly outputBlobUri?: string
  readonly errorBlobUri?: string
  readonly asyncExecution?: boolean
  readonly treatFailureAsDeploymentFailure?: boolean
}

/** The stored record of a managed run command. */
export interface ManagedRunCommand {
  /** The path of its machine. */
  readonly vmId: string
  readonly name: string
  readonly location: string
  readonly tags?: Readonly<Record<string, string>>
  readonly settings: ManagedSettings
  /** A hash of the protected values: it tells whether they change, without revealing them. */
  readonly fingerprint?: string
  readonly provisioningState: ProvisioningState
  /** The number of the run, from 0. It names the script's folder. */
  readonly sequence: number
  /** The run that the view shows. */
  readonly runId?: string
  readonly instanceView?: RunCommandInstanceView
  /** The view to show until a time, in milliseconds since 1970: clients may see an end later than it comes. */
  readonly until?: { readonly time: number, readonly view: RunCommandInstanceView }
}

/** The key of a machine's command. */
export function runCommandKey ({ id }: Pick<VirtualMachine, 'id'>, name: string): RecordKey {
  return runCommandKeyAt(pathKeyOf(id), name)
}

/** The key of a command of the machine with this path. */
export function runCommandKeyAt (machinePath: string, name: string): RecordKey {
  return { collectionKey: `${machinePath}/runCommands`.toLowerCase(), nameKey: name.toLowerCase() }
}
