import type { ManagedRunCommand, ManagedSettings, RunCommandInstanceView } from './managed-run-command.js'
import { DEFAULT_LOCATION, machineIdOf } from './virtual-machines.js'

/** A managed run command, with its result, as a config file declares it. */
export interface RunCommandDeclaration extends ManagedSettings {
  readonly subscriptionId: string
  readonly resourceGroup: string
  /** Either this, or `vmScaleSetName` and `instanceId`. */
  readonly vmName?: string
  readonly vmScaleSetName?: string
  readonly instanceId?: string
  readonly name: string
  /** Default: `westus`. */
  readonly location?: string
  readonly tags?: Readonly<Record<string, string>>
  /** Default: `Succeeded`. */
  readonly provisioningState?: 'Succeeded' | 'Failed' | 'Canceled'
  /** Default: 0. */
  readonly sequence?: number
  readonly instanceView?: RunCommandInstanceView
}

/** The path of the machine that a declaration names. */
export function machinePath ({ subscriptionId, resourceGroup, vmName, vmScaleSetName = vmName!, instanceId }:
RunCommandDeclaration): string {
  return machineIdOf({ subscriptionId, resourceGroup, name: vmScaleSetName, instanceId }).text
}

/** The record of a declared command. It has no `runId`, since no client has run it. */
export function declaredCommand (declaration: RunCommandDeclaration, vmId: string): ManagedRunCommand {
  const {
    subscriptionId, resourceGroup, vmName, vmScaleSetName, instanceId, name, location = DEFAULT_LOCATION, tags,
    provisioningState = 'Succeeded', sequence = 0, instanceView, ...settings
  } = declaration
  return {
    vmId,
    name,
    location,
    settings,
    provisioningState,
    sequence,
    ...tags !== undefined && { tags },
    ...instanceView !== undefined && { instanceView }
  }
}

/** The declaration for a config file. It leaves out a run in progress, which a file cannot restore. */
export function runCommandDeclarationOf (command: ManagedRunCommand): RunCommandDeclaration {
  const { vmId, name, location, tags, settings, provisioningState, sequence, instanceView } = command
  const [, , subscriptionId, , resourceGroup, , , type, machine, , instance] = vmId.split('/') as string[]
  const place = type!.toLowerCase() === 'virtualmachines'
    ? { vmName: machine! }
    : { vmScaleSetName: machine!, instanceId: instance! }
  const hasEnded = instanceView !== undefined && instanceView.executionState !== 'Running'
  return {
    subscriptionId: subscriptionId!,
    resourceGroup: resourceGroup!,
    ...place,
    name,
    location,
    ...tags !== undefined && { tags },
    ...settings,
    ...(provisioningState === 'Failed' || provisioningState === 'Canceled') && { provisioningState },
    ...sequence > 0 && { sequence },
    ...hasEnded && { instanceView }
  }
}
