import type { FastifyRequest } from 'fastify'
import type { ManagedRunCommand } from '../../core/managed-run-commands.js'
import { regionOf } from '../../core/resource-names.js'
import { ArmError } from '../errors.js'

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
