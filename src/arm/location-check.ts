import type { FastifyRequest } from 'fastify'
import { knownRegions, type PlacesOfMachines } from '../resources/regions.js'
import { splitType } from './api-versions.js'
import { versionsWith } from './contract/published-versions.js'
import { ArmError } from './errors/arm-error.js'

/**
 * Returns a hook that refuses a location in a path against the contract, which has rules for no other name in a path
 * of a location. Inferred: such a location gets the error of an unknown one; azrun accepts every well-formed one.
 */
export function createLocationCheck (machines: PlacesOfMachines) {
  return ({ operation, params, apiVersion }: FastifyRequest, _reply: unknown, done: (error?: Error) => void): void => {
    const { checkParams, apiVersions, resourceType, action = '' } = operation ?? {}
    if (checkParams === undefined || checkParams(params)) { done(); return }
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
