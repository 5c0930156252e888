import { virtualMachineId, type ResourceId } from './resource-id.js'
import type { RecordKey } from './store.js'
import { OptionError } from './usage-error.js'

/** What a reset is limited to: everything, a subscription, a resource group of one, or a virtual machine of that. */
export interface ScopeNames {
  readonly subscriptionId?: string
  /** Needs its subscription. */
  readonly resourceGroup?: string
  /** Needs its resource group. */
  readonly vmName?: string
}

/** The names, each of which needs those before it. */
const NAMES = ['subscriptionId', 'resourceGroup', 'vmName'] as const

/** A part of Azure's resources. Names are compared without case, as Azure does. */
export class Scope implements ScopeNames {
  static readonly everything = new Scope({})

  readonly subscriptionId?: string
  readonly resourceGroup?: string
  readonly vmName?: string
  /** With this the paths of all resources in scope begin, in lower case; it ends in `/`. */
  readonly prefix: string

  /** By default its path is that of its names. */
  private constructor (names: ScopeNames, path = pathOf(names)) {
    const { subscriptionId, resourceGroup, vmName } = names
    this.subscriptionId = subscriptionId
    this.resourceGroup = resourceGroup
    this.vmName = vmName
    this.prefix = `${path}/`.toLowerCase()
  }

  /** A resource, and all below it. */
  static at ({ subscriptionId, resourceGroup, text }: ResourceId): Scope {
    return new Scope({ subscriptionId, resourceGroup }, text)
  }

  /**
   * The scope with these names; everything without any. Throws an `OptionError` for a name that lacks the one that it
   * needs, is empty or is not text, and for a member that a scope does not have: JavaScript programs call this, too.
   */
  static of (names: ScopeNames): Scope {
    const given = Object.entries(names).filter(([, value]) => value !== undefined)
    for (const [name, value] of given) {
      const index = NAMES.findIndex(known => known === name)
      if (index < 0) throw new OptionError(name, `is not a part of a scope: expected one of ${NAMES.join(', ')}`)
      if (typeof value !== 'string' || value === '') {
        throw new OptionError(name, `must be text that is not empty, not ${JSON.stringify(value) ?? typeof value}`)
      }
      const needed = NAMES[index - 1]
      if (needed !== undefined && names[needed] === undefined) throw new OptionError(name, `needs '${needed}': give both`)
    }
    return given.length === 0 ? Scope.everything : new Scope(names)
  }

  contains ({ collectionKey, nameKey }: RecordKey): boolean {
    return `${collectionKey}/${nameKey}/`.startsWith(this.prefix)
  }

  /** The same for a resource by its path, in any case. */
  containsPath (path: string): boolean {
    return `${path}/`.toLowerCase().startsWith(this.prefix)
  }

  /** Whether some resource is in both. */
  overlaps ({ prefix }: Scope): boolean {
    return prefix.startsWith(this.prefix) || this.prefix.startsWith(prefix)
  }
}

function pathOf ({ subscriptionId, resourceGroup, vmName }: ScopeNames): string {
  if (subscriptionId === undefined) return ''
  if (resourceGroup === undefined) return `/subscriptions/${subscriptionId}`
  if (vmName === undefined) return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`
  return virtualMachineId(subscriptionId, resourceGroup, vmName).text
}
