import type { ScaleSets } from '../../resources/scale-sets.js'
import { DEFAULT_LOCATION, type VirtualMachines } from '../../resources/virtual-machines.js'

export interface RegionSources {
  readonly scaleSets: Pick<ScaleSets, 'list'>
  readonly virtualMachines: Pick<VirtualMachines, 'list'>
}

/** The regions of a subscription: that of undeclared machines, and those of its declared machines and scale sets. */
export function regionsOf ({ scaleSets, virtualMachines }: RegionSources, subscriptionId: string): string[] {
  const declared = [...virtualMachines.list(subscriptionId), ...scaleSets.list(subscriptionId)]
  return [...new Set([DEFAULT_LOCATION, ...declared.map(({ location }) => location)])]
}
