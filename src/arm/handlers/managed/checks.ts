import type { FastifyRequest } from 'fastify'
import { regionOf } from '../../../core/resource-names.js'
import type { ManagedRunCommand } from '../../../resources/managed-run-command.js'
import { ArmError } from '../../errors/arm-error.js'

/** Compute's rule for names as a .NET pattern (inferred for this type). */
const NAME_RULE = String.raw`^[^_\W][\w-._]{0,79}(?<![-.])$`
const NAME = /^[\p{L}\p{Nd}][\p{L}\p{Nd}_.-]{0,79}(?<![-.])$/u

/** Throws if a run command cannot have this name. */
export function requireRunCommandName (name: string): void {
  if (!NAME.test(name)) throw new ArmError('InvalidEntityName', { parameter: 'runCommandName', rule: NAME_RULE })
}

/**
 * The normalised location of a new run command. An undeclared machine accepts every location. Inferred: a declared
 * machine accepts only its region, and the error for others.
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
