import type { RecordKey } from './store.js'

/** A resource by its path, as a request or a declaration names it. Nothing is looked up: it need not exist. */
export interface ResourceId extends RecordKey {
  readonly subscriptionId: string
  readonly resourceGroup?: string
  /** Such as `Microsoft.Compute/virtualMachines`. */
  readonly type: string
  readonly name: string
  /** The path as it was sent, decoded. */
  readonly text: string
}

/** The id of a path; `text` is decoded, and is that of the resource alone, without an action or a slash at its end. */
export function resourceId (text: string,
  { subscriptionId, resourceGroup, type, name }: Omit<ResourceId, keyof RecordKey | 'text'>): ResourceId {
  const collectionKey = text.slice(0, -name.length - 1).toLowerCase()
  return { subscriptionId, resourceGroup, type, name, text, collectionKey, nameKey: name.toLowerCase() }
}

const VIRTUAL_MACHINE = 'Microsoft.Compute/virtualMachines'

export function virtualMachineId (subscriptionId: string, resourceGroup: string, name: string): ResourceId {
  const text = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${VIRTUAL_MACHINE}/${name}`
  return resourceId(text, { subscriptionId, resourceGroup, type: VIRTUAL_MACHINE, name })
}

/** Whether a resource is this one, or below it. */
export function isAtOrBelow ({ collectionKey, nameKey }: RecordKey, other: RecordKey): boolean {
  return `${collectionKey}/${nameKey}/`.startsWith(`${other.collectionKey}/${other.nameKey}/`)
}
