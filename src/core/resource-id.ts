import type { RecordKey } from './store.js'
import { UsageError } from './usage-error.js'

/** The id of a resource, which need not exist. */
export interface ResourceId extends RecordKey {
  readonly subscriptionId: string
  readonly resourceGroup?: string
  /** Such as `Microsoft.Compute/virtualMachines`. */
  readonly type: string
  readonly name: string
  /** The path as it was sent, decoded. */
  readonly text: string
}

export const VIRTUAL_MACHINE = 'Microsoft.Compute/virtualMachines'
export const SCALE_SET = 'Microsoft.Compute/virtualMachineScaleSets'
/** An instance of a scale set. */
export const INSTANCE = `${SCALE_SET}/virtualMachines`

/** The id for a path. `text` is the decoded path of the resource itself, without an action or a trailing slash. */
export function resourceId (text: string,
  { subscriptionId, resourceGroup, type, name }: Omit<ResourceId, keyof RecordKey | 'text'>): ResourceId {
  const collectionKey = text.slice(0, -name.length - 1).toLowerCase()
  return { subscriptionId, resourceGroup, type, name, text, collectionKey, nameKey: name.toLowerCase() }
}

export function virtualMachineId (subscriptionId: string, resourceGroup: string, name: string): ResourceId {
  return idIn({ subscriptionId, resourceGroup, type: VIRTUAL_MACHINE, name })
}

export function scaleSetId (subscriptionId: string, resourceGroup: string, name: string): ResourceId {
  return idIn({ subscriptionId, resourceGroup, type: SCALE_SET, name })
}

/** The id of an instance of a scale set. */
export function instanceIdOf ({ subscriptionId, resourceGroup, text }: ResourceId, instanceId: string): ResourceId {
  return resourceId(`${text}/virtualMachines/${instanceId}`, { subscriptionId, resourceGroup, type: INSTANCE, name: instanceId })
}

/** The common prefix of all paths in a group: in lower case, without a trailing slash. */
export function resourceGroupKey (subscriptionId: string, resourceGroup: string): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`.toLowerCase()
}

/** The path of a resource in lower case, which identifies it. */
export function pathKeyOf ({ collectionKey, nameKey }: RecordKey): string {
  return `${collectionKey}/${nameKey}`
}

/** The name of the resource group in a path; undefined for a path without one. */
export function resourceGroupIn (path: string): string | undefined {
  return /\/resourceGroups\/([^/]+)/i.exec(path)?.[1]
}

/** The name of an instance as a machine: `ss_0` for instance 0 of the scale set `ss`. */
export function instanceName (scaleSet: string, instanceId: string): string {
  return `${scaleSet}_${instanceId}`
}

/** The scale set and the id of the instance that the name of a machine may mean, see `instanceName`. */
export function instanceNamed (name: string): { readonly scaleSet: string, readonly instanceId: string } | undefined {
  const [, scaleSet, instanceId] = /^(.+)_(0|[1-9]\d*)$/.exec(name) ?? []
  return scaleSet === undefined ? undefined : { scaleSet, instanceId: instanceId! }
}

/** The name of the machine in a path, which may be an instance. Undefined for a path without a machine. */
export function machineNameIn (path: string): string | undefined {
  const [, scaleSet, name] = /\/(?:virtualMachineScaleSets\/([^/]+)\/)?virtualMachines\/([^/]+)/i.exec(path) ?? []
  return scaleSet === undefined ? name : instanceName(scaleSet, name!)
}

function idIn ({ subscriptionId, resourceGroup, type, name }: Omit<Required<ResourceId>, keyof RecordKey | 'text'>): ResourceId {
  const parts = [subscriptionId, resourceGroup, name]
  // JavaScript programs call this, too.
  if (!parts.every(part => typeof part === 'string')) {
    throw new UsageError('an id needs a subscription, a resource group and a name, each as text, not ' +
      parts.map(part => typeof part === 'string' ? `"${part}"` : String(part)).join(', '))
  }
  const text = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${type}/${name}`
  return resourceId(text, { subscriptionId, resourceGroup, type, name })
}

/** Whether a resource is `other` or below it. */
export function isAtOrBelow (id: RecordKey, other: RecordKey): boolean {
  return `${pathKeyOf(id)}/`.startsWith(`${pathKeyOf(other)}/`)
}
