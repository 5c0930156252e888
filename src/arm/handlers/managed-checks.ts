import type { FastifyRequest } from 'fastify'
import type { ManagedRunCommand } from '../../core/managed-run-commands.js'
import { regionOf } from '../../core/resource-names.js'
import type { OperatingSystem, VirtualMachine } from '../../core/virtual-machines.js'
import type { RunCommandDocument, RunCommandDocuments } from '../../guest/documents.js'
import { ArmError } from '../errors.js'
import type { AskedFor } from './managed-body.js'

/** The rule for names in Compute (inferred for this type), as .NET writes it. */
const NAME_RULE = String.raw`^[^_\W][\w-._]{0,79}(?<![-.])$`
const NAME = /^[\p{L}\p{Nd}][\p{L}\p{Nd}_.-]{0,79}(?<![-.])$/u

/** Throws for a name that no run command can have. */
export function requireRunCommandName (name: string): void {
  if (!NAME.test(name)) throw new ArmError('InvalidEntityName', { parameter: 'runCommandName', rule: NAME_RULE })
}

/**
 * The location of a run command that is put, normalised. An undeclared machine is wherever its run commands are; that
 * one of a declared machine is in its region is inferred, with the error for another.
 */
export function requireRunCommandLocation ({ vm, body }: Pick<FastifyRequest, 'vm'> & { readonly body: { readonly location: string } },
  existing: ManagedRunCommand | undefined): string {
  const location = regionOf(body.location)
  const { resourceGroup } = vm.id
  if (existing !== undefined && existing.location !== location) {
    const { name, location: there } = existing
    throw new ArmError('InvalidResourceLocation', { name, existing: there, resourceGroup: resourceGroup!, location })
  }
  if (!/^[a-z\d]+$/.test(location)) {
    const type = `${vm.id.type}/runCommands`
    throw new ArmError('LocationNotAvailableForResourceType', { location: body.location, type, regions: vm.location })
  }
  if (existing === undefined && vm.osType !== undefined && vm.location !== location) throw new ArmError('NotFound')
  return location
}

/** What a run command runs where it has no script of its own, and on which system. */
export interface Source {
  readonly osType: OperatingSystem
  /** The built-in command that it names. */
  readonly document?: RunCommandDocument
}

/**
 * The system is that of the machine. An undeclared one has that of the built-in command, if one is named, and is
 * otherwise Linux. Throws for a built-in command that is none, or for another system.
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
