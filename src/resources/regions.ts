import type { ScaleSets } from './scale-sets.js'
import { DEFAULT_LOCATION, type VirtualMachines } from './virtual-machines.js'

/** What has a location. */
export interface DeclaredMachines {
  readonly scaleSets: Pick<ScaleSets, 'list'>
  readonly virtualMachines: Pick<VirtualMachines, 'list'>
}

/** The regions that azrun knows: the default one, and those of declared machines. */
export function knownRegions ({ scaleSets, virtualMachines }: DeclaredMachines, subscriptionId: string): string[] {
  const declared = [...virtualMachines.list(subscriptionId), ...scaleSets.list(subscriptionId)]
  return [...new Set([DEFAULT_LOCATION, ...declared.map(({ location }) => location)])]
}
