import { DeclaredGroups, type ResourceGroupDeclaration } from './declared-groups.js'
import { InitialStates } from './initial-states.js'
import { scaleSetOf, ScaleSets, type ScaleSetDeclaration } from './scale-sets.js'
import { virtualMachineOf, VirtualMachines, type PowerStateDeclaration, type VirtualMachineDeclaration } from './virtual-machines.js'

export interface MachinesOptions {
  readonly virtualMachines?: readonly VirtualMachineDeclaration[]
  readonly virtualMachineScaleSets?: readonly ScaleSetDeclaration[]
  /** Besides those of declared machines and scale sets. */
  readonly resourceGroups?: readonly ResourceGroupDeclaration[]
  /** How undeclared machines are until something changes it. Default: running. */
  readonly powerStates?: readonly PowerStateDeclaration[]
  /** Only what is declared exists. Default: in a resource group without declared resources everything exists. */
  readonly strict?: boolean
}

/** What is declared of machines: the groups, and what exists in them. */
export class Machines {
  readonly groups = new DeclaredGroups()
  readonly #initialStates = new InitialStates()
  readonly virtualMachines = new VirtualMachines(this.groups, this.#initialStates)
  readonly scaleSets = new ScaleSets(this.groups, this.#initialStates)

  constructor (options: MachinesOptions = {}) {
    this.redeclare(options)
  }

  /** Replaces all that was declared, at the start and since. */
  redeclare (options: MachinesOptions): void {
    const { virtualMachines = [], virtualMachineScaleSets = [], resourceGroups, powerStates = [], strict } = options
    this.#initialStates.redeclare(powerStates)
    const resources = [...virtualMachines.map(virtualMachineOf), ...virtualMachineScaleSets.map(scaleSetOf)]
    this.groups.redeclare({ resourceGroups, resources, strict })
  }
}
