import { once } from '../../core/once.js'
import { routesOf } from '../../http/openapi.js'
import type { ApiVersionScope } from '../responses/form.js'
import { document } from './document.js'
import { versionsWith } from './published-versions.js'
import { resourceTypeOf, splitType } from './served-operations.js'

/** A service behind Resource Manager, or Resource Manager itself. */
export interface ResourceProvider {
  readonly namespace: string
  readonly types: readonly ServedType[]
}

interface ServedType {
  /** Without the namespace, such as `virtualMachines/runCommands`. */
  readonly name: string
  readonly scope: ApiVersionScope
  /** Newest first. */
  readonly apiVersions: readonly string[]
}

/** The resource providers with the types that azrun serves, in the order of the contract. */
export const resourceProviders = once((): readonly ResourceProvider[] => {
  const types = new Map<string, Map<string, ServedType>>()
  for (const { operation } of routesOf(document)) {
    const action = operation['x-azrun-action'] as string | undefined
    if (action === undefined) continue
    const resourceType = resourceTypeOf(action)
    const { namespace, type: name } = splitType(resourceType)
    // The registration of any provider has no type.
    if (name === '') continue
    const scope = operation['x-azrun-plane'] as ApiVersionScope
    const ofNamespace = types.get(namespace) ?? new Map<string, ServedType>()
    const apiVersions = versionsWith(`${resourceType}/read`, scope).toReversed()
    types.set(namespace, ofNamespace.set(name, { name, scope, apiVersions }))
  }
  return Array.from(types, ([namespace, ofNamespace]) => ({ namespace, types: [...ofNamespace.values()] }))
})
