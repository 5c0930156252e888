import { DeclaredGroups, type ResourceGroupDeclaration } from './declared-groups.js'
import { InitialStates } from './initial-states.js'
import { scaleSetOf, ScaleSets, type ScaleSetDeclaration } from './scale-sets.js'
import { virtualMachineOf, VirtualMachines, type PowerStateDeclaration, type VirtualMachineDeclaration } from './virtual-machines.js'

export interface MachinesOptions {
  readonly virtualMachines?: readonly VirtualMachineDeclaration[]
  readonly virtualMachineScaleSets?: readonly ScaleSetDeclaration[]
  /** Groups in addition to those of declared machines and scale sets. */
  readonly resourceGroups?: readonly ResourceGroupDeclaration[]
  /** The initial states of undeclared machines. Default: running. */
  readonly powerStates?: readonly PowerStateDeclaration[]
  /** Only declared resources exist. Default: in a resource group without declared resources, everything exists. */
  readonly strict?: boolean
}

/** The declared machines and scale sets, and their groups. */
export class Machines {
  readonly groups = new DeclaredGroups()
  readonly #initialStates = new InitialStates()
  readonly virtualMachines = new VirtualMachines(this.groups, this.#initialStates)
  readonly scaleSets = new ScaleSets(this.groups, this.#initialStates)

  constructor (options: MachinesOptions = {}) {
    this.redeclare(options)
  }

  /** Replaces all declarations, those of the start and later ones. */
  redeclare (options: MachinesOptions): void {
    const { virtualMachines = [], virtualMachineScaleSets = [], resourceGroups, powerStates = [], strict } = options
    this.#initialStates.redeclare(powerStates)
    const resources = [...virtualMachines.map(virtualMachineOf), ...virtualMachineScaleSets.map(scaleSetOf)]
    this.groups.redeclare({ resourceGroups, resources, strict })
  }
}
