import { instanceIdOf, instanceNamed, scaleSetId, virtualMachineId, type ResourceId } from './resource-id.js'
import type { RecordKey } from './store.js'
import { OptionError } from './usage-error.js'

/** What a reset covers: everything, a subscription, a resource group, or a virtual machine. */
export interface ScopeNames {
  readonly subscriptionId?: string
  /** Needs its subscription. */
  readonly resourceGroup?: string
  /** Needs its resource group. `ss_0` also means instance 0 of the scale set `ss`. */
  readonly vmName?: string
}

/** The names. Each needs those before it. */
const NAMES = ['subscriptionId', 'resourceGroup', 'vmName'] as const

/** A part of the resource tree. Names are case-insensitive, as on Azure. */
export class Scope implements ScopeNames {
  static readonly everything = new Scope({})

  readonly subscriptionId?: string
  readonly resourceGroup?: string
  readonly vmName?: string
  /** The common prefix of the paths of all resources in scope: in lower case, with a `/` at the end. */
  readonly prefix: string

  /** `path` is by default that of the names. */
  private constructor (names: ScopeNames, path = pathOf(names)) {
    const { subscriptionId, resourceGroup, vmName } = names
    this.subscriptionId = subscriptionId
    this.resourceGroup = resourceGroup
    this.vmName = vmName
    this.prefix = `${path}/`.toLowerCase()
  }

  /** The scope of a resource and everything below it. */
  static at ({ subscriptionId, resourceGroup, text }: ResourceId): Scope {
    return new Scope({ subscriptionId, resourceGroup }, text)
  }

  /**
   * The scope with these names; without any, everything. Throws an `OptionError` for an unknown member, and for a name
   * that is empty, is not text or lacks the one that it needs, because JavaScript programs call this, too.
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

  /** The scope of the instance of a scale set that the name of its machine may mean; undefined for other names. */
  get ofInstance (): Scope | undefined {
    const { subscriptionId, resourceGroup, vmName } = this
    const instance = instanceNamed(vmName ?? '')
    if (instance === undefined) return undefined
    const { text } = instanceIdOf(scaleSetId(subscriptionId!, resourceGroup!, instance.scaleSet), instance.instanceId)
    return new Scope(this, text)
  }

  contains ({ collectionKey, nameKey }: RecordKey): boolean {
    return `${collectionKey}/${nameKey}/`.startsWith(this.prefix)
  }

  /** Whether the resource with this path is in scope. The path may be in any case. */
  containsPath (path: string): boolean {
    return `${path}/`.toLowerCase().startsWith(this.prefix)
  }

  /** Whether a resource can be in both scopes. */
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
