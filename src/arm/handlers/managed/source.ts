import type { RunCommandDocument, RunCommandDocuments } from '../../../guest/documents.js'
import type { ManagedScript } from '../../../guest/managed-script.js'
import type { ManagedRunCommand } from '../../../resources/managed-run-command.js'
import type { OperatingSystem, VirtualMachine } from '../../../resources/virtual-machines.js'
import { ArmError } from '../../errors/arm-error.js'
import type { AskedFor } from './body.js'

/** The built-in command that takes any script. */
const ANY_SCRIPT: Readonly<Record<OperatingSystem, string>> = { Linux: 'RunShellScript', Windows: 'RunPowerShellScript' }

/** The system of a run command, and the built-in command whose script it runs if it has none. */
export interface Source {
  readonly osType: OperatingSystem
  /** The built-in command, if the run command names one. */
  readonly document?: RunCommandDocument
}

/**
 * The source for a machine. An undeclared machine has the system of the built-in command, by default Linux. Throws for
 * an unknown built-in command, or one for another system.
 */
export function sourceFor (vm: VirtualMachine, { settings: { source } }: Pick<AskedFor, 'settings'>,
  documents: RunCommandDocuments): Source {
  const { commandId } = source
  if (commandId === undefined) return { osType: vm.osType ?? 'Linux' }
  const document = documents.find(commandId)
  if (document === undefined) throw new ArmError('NotFound')
  if (vm.osType !== undefined && vm.osType !== document.osType) {
    throw new ArmError('OperatingSystemMismatch', { commandOs: document.osType, vmOs: vm.osType })
  }
  return { osType: document.osType, document }
}

/** The script of a run command, including its protected values. */
export function scriptOf ({ name, sequence, settings }: ManagedRunCommand, asked: AskedFor,
  { osType, document }: Source): ManagedScript {
  const { source, parameters = [], runAsUser: user, timeoutInSeconds = 0, outputBlobUri, errorBlobUri } = settings
  return {
    outputBlobUri,
    errorBlobUri,
    scriptUri: source.scriptUri,
    ...asked.protected,
    osType,
    name,
    sequence,
    commandId: document?.id ?? ANY_SCRIPT[osType],
    script: document?.script.join('\n') ?? (source.script === '' ? undefined : source.script),
    parameters: [...parameters, ...asked.protected.parameters],
    user,
    timeoutInSeconds
  }
}
