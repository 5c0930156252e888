import type { FastifyRequest } from 'fastify'
import { knownRegions, type DeclaredMachines } from '../resources/regions.js'
import { versionsWith } from './contract/published-versions.js'
import { splitType } from './contract/served-operations.js'
import { ArmError } from './errors/arm-error.js'

/**
 * Returns a hook that refuses a location that violates the pattern of the contract. Inferred: a malformed location gets
 * the error of an unknown one. azrun accepts every well-formed one.
 */
export function createLocationCheck (machines: DeclaredMachines) {
  return ({ operation, params, apiVersion }: FastifyRequest, _reply: unknown, done: (error?: Error) => void): void => {
    const { checkLocation, apiVersions, resourceType, action = '' } = operation ?? {}
    if (checkLocation === undefined || checkLocation(params)) { done(); return }
    const { subscriptionId, location } = params as { readonly subscriptionId: string, readonly location: string }
    done(new ArmError('NoRegisteredProviderFound', {
      location,
      apiVersion,
      type: splitType(resourceType!).type,
      versions: versionsWith(action, apiVersions!).join(', '),
      regions: knownRegions(machines, subscriptionId).join(', ')
    }))
  }
}
