export type OperatingSystem = 'Linux' | 'Windows'
export type PowerState = 'running' | 'deallocated' | 'stopped'

export interface VirtualMachine {
  readonly subscriptionId: string
  readonly resourceGroup: string
  readonly name: string
  /** An Azure region's short name, such as `westus`; where a machine is declared, `West US` is the same. */
  readonly location: string
  readonly osType: OperatingSystem
  readonly powerState: PowerState
}

/** A virtual machine as it is declared: a Linux machine in westus that runs, unless it says otherwise. */
export type VirtualMachineDeclaration =
  Pick<VirtualMachine, 'subscriptionId' | 'resourceGroup' | 'name'> & Partial<VirtualMachine>

/** Where undeclared resources are. */
export const DEFAULT_LOCATION = 'westus'

const DEFAULTS = { location: DEFAULT_LOCATION, osType: 'Linux', powerState: 'running' } as const

export interface VirtualMachinesOptions {
  readonly declared?: readonly VirtualMachineDeclaration[]
  /** Only what is declared exists. Default: a resource group without declared machines holds every one asked for. */
  readonly strict?: boolean
}

/** The virtual machines that exist. Names are compared without case, as Azure does. */
export class VirtualMachines {
  readonly #initial: readonly VirtualMachineDeclaration[]
  readonly #strict: boolean
  readonly #groups = new Map<string, Map<string, VirtualMachine>>()

  constructor ({ declared = [], strict = false }: VirtualMachinesOptions = {}) {
    this.#initial = declared
    this.#strict = strict
    this.reset()
  }

  /** Adds a machine, or replaces the one of that name. From then on its resource group holds declared machines only. */
  declare (declaration: VirtualMachineDeclaration): VirtualMachine {
    const { location = DEFAULTS.location, osType = DEFAULTS.osType, powerState = DEFAULTS.powerState } = declaration
    const vm = Object.freeze({ ...declaration, location: shortName(location), osType, powerState })
    const key = groupKey(vm.subscriptionId, vm.resourceGroup)
    let group = this.#groups.get(key)
    if (group === undefined) this.#groups.set(key, group = new Map())
    group.set(vm.name.toLowerCase(), vm)
    return vm
  }

  /** The machine of that name; where undeclared ones exist, one made up for the asking, of the given OS. */
  find (subscriptionId: string, resourceGroup: string, name: string,
    osType: OperatingSystem = 'Linux'): VirtualMachine | undefined {
    const group = this.#groups.size === 0 ? undefined : this.#groups.get(groupKey(subscriptionId, resourceGroup))
    if (group !== undefined) return group.get(name.toLowerCase())
    if (this.#strict) return undefined
    const { location, powerState } = DEFAULTS
    return { subscriptionId, resourceGroup, name, location, osType, powerState }
  }

  /** The declared machines: all, or those of a subscription, or of one of its resource groups. */
  list (subscriptionId?: string, resourceGroup?: string): VirtualMachine[] {
    return [...this.#groups.values()].flatMap(group => [...group.values()]).filter(vm =>
      (subscriptionId === undefined || sameName(vm.subscriptionId, subscriptionId)) &&
      (resourceGroup === undefined || sameName(vm.resourceGroup, resourceGroup)))
  }

  hasResourceGroup (subscriptionId: string, resourceGroup: string): boolean {
    return !this.#strict || this.#groups.has(groupKey(subscriptionId, resourceGroup))
  }

  /** Back to what was declared at the start. */
  reset (): void {
    this.#groups.clear()
    for (const vm of this.#initial) this.declare(vm)
  }
}

function groupKey (subscriptionId: string, resourceGroup: string): string {
  return `${subscriptionId}/${resourceGroup}`.toLowerCase()
}

/** `West US` is the region `westus` (recorded: azcli_vm__latest__test_vmss_run_command_v2). */
function shortName (location: string): string {
  return location.toLowerCase().replaceAll(' ', '')
}

function sameName (a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
