import { InOrder } from './in-order.js'
import { then, type MaybePromise } from './maybe-promise.js'
import { Scope } from './scope.js'
import type { RecordKey, Records, Store } from './store.js'
import type { VirtualMachine } from './virtual-machines.js'

/** How many managed run commands a machine may have (recorded: azure-docs #117976). */
export const MAX_RUN_COMMANDS = 25

type ExecutionState = 'Unknown' | 'Pending' | 'Running' | 'Failed' | 'Succeeded' | 'TimedOut' | 'Canceled'
type ProvisioningState = 'Creating' | 'Updating' | 'Succeeded' | 'Failed' | 'Canceled' | 'Deleting'

/** The progress or result of a script. Times are text, as in the response. */
export interface RunCommandInstanceView {
  readonly exitCode: number
  readonly executionState: ExecutionState
  readonly executionMessage?: string
  readonly output?: string
  readonly error?: string
  readonly startTime?: string
  readonly endTime?: string
}

export interface RunCommandSource {
  readonly script?: string
  readonly scriptUri?: string
  readonly commandId?: string
}

/** What a managed run command runs, and how. Protected values are left out. */
export interface ManagedSettings {
  readonly source: RunCommandSource
  readonly parameters?: readonly { readonly name: string, readonly value: string }[]
  readonly runAsUser?: string
  readonly timeoutInSeconds?: number
  readonly outputBlobUri?: string
  readonly errorBlobUri?: string
  readonly asyncExecution?: boolean
  readonly treatFailureAsDeploymentFailure?: boolean
}

/** The stored record of a managed run command. */
export interface ManagedRunCommand {
  /** The path of its machine. */
  readonly vmId: string
  readonly name: string
  readonly location: string
  readonly tags?: Readonly<Record<string, string>>
  readonly settings: ManagedSettings
  /** A hash of the protected values: it tells whether they change, without revealing them. */
  readonly fingerprint?: string
  readonly provisioningState: ProvisioningState
  /** The number of the run, from 0. It names the script's folder. */
  readonly sequence: number
  /** The run that the view shows. */
  readonly runId?: string
  readonly instanceView?: RunCommandInstanceView
  /** The view to show until a time, in milliseconds since 1970: clients may see an end later than it comes. */
  readonly until?: { readonly time: number, readonly view: RunCommandInstanceView }
}

/** A managed run command, with its result, as a config file declares it. */
export interface RunCommandDeclaration extends ManagedSettings {
  readonly subscriptionId: string
  readonly resourceGroup: string
  /** Either this, or `vmScaleSetName` and `instanceId`. */
  readonly vmName?: string
  readonly vmScaleSetName?: string
  readonly instanceId?: string
  readonly name: string
  /** Default: `westus`. */
  readonly location?: string
  readonly tags?: Readonly<Record<string, string>>
  /** Default: `Succeeded`. */
  readonly provisioningState?: 'Succeeded' | 'Failed' | 'Canceled'
  /** Default: 0. */
  readonly sequence?: number
  readonly instanceView?: RunCommandInstanceView
}

/** The store of all machines' managed run commands. */
export class ManagedRunCommands {
  readonly #records: Records<ManagedRunCommand>
  #declared: readonly RunCommandDeclaration[]
  readonly #inOrder = new InOrder()

  constructor (store: Store, declared: readonly RunCommandDeclaration[] = []) {
    this.#records = store.records('runCommands')
    this.#declared = declared
  }

  get (vm: Pick<VirtualMachine, 'id'>, name: string): MaybePromise<ManagedRunCommand | undefined> {
    return this.#records.get(runCommandKey(vm, name))
  }

  /** The commands of a machine, sorted by name. */
  list (vm: Pick<VirtualMachine, 'id'>): MaybePromise<ManagedRunCommand[]> {
    return then(this.#records.list(`${runCommandKey(vm, '').collectionKey}/`), sorted)
  }

  /** The commands of all machines. */
  all (): MaybePromise<ManagedRunCommand[]> {
    return this.#records.list('/')
  }

  set (vm: Pick<VirtualMachine, 'id'>, command: ManagedRunCommand): MaybePromise<void> {
    return this.#records.set(runCommandKey(vm, command.name), command)
  }

  delete (vm: Pick<VirtualMachine, 'id'>, name: string): MaybePromise<void> {
    return this.#records.delete(runCommandKey(vm, name))
  }

  /** Deletes the command unless it has started another run. */
  deleteRun (vm: Pick<VirtualMachine, 'id'>, { name, runId }: Pick<ManagedRunCommand, 'name' | 'runId'>): MaybePromise<void> {
    return this.#inTurn(vm, name, command => command?.runId === runId ? this.delete(vm, name) : undefined)
  }

  /** Changes the command. Returns false without a change if it is gone or has started another run. */
  change (vm: Pick<VirtualMachine, 'id'>, { name, runId }: Pick<ManagedRunCommand, 'name' | 'runId'>,
    change: Partial<Pick<ManagedRunCommand, 'tags' | 'provisioningState' | 'instanceView' | 'until'>>): MaybePromise<boolean> {
    return this.#inTurn(vm, name, command => {
      if (command === undefined || command.runId !== runId) return false
      return then(this.set(vm, { ...command, ...change }), () => true)
    })
  }

  /** The number of commands in a scope. */
  count (scope: Scope): MaybePromise<number> {
    return then(this.#records.list(scope.prefix), ({ length }) => length)
  }

  /** Deletes the commands in a scope. */
  async clear (scope: Scope): Promise<void> {
    const commands = await this.#records.list(scope.prefix)
    await Promise.all(commands.map(async ({ vmId, name }) => await this.#records.delete(keyOf(vmId, name))))
  }

  /** Replaces the declarations. Commands that clients have created or run since stay. */
  async redeclare (declared: readonly RunCommandDeclaration[]): Promise<void> {
    const former = this.#declared.map(each => keyOf(machinePath(each), each.name))
    this.#declared = declared
    await Promise.all(former.map(async key => {
      const command = await this.#records.get(key)
      if (command !== undefined && command.runId === undefined) await this.#records.delete(key)
    }))
    await this.declare(Scope.everything)
  }

  /** Adds the declared commands of a scope, except those whose names are taken. */
  async declare (scope: Scope): Promise<void> {
    const concerned = this.#declared.map(declaration => ({ declaration, path: machinePath(declaration) }))
      .filter(({ path }) => scope.containsPath(path))
    await Promise.all(concerned.map(async ({ declaration, path }) =>
      await this.#records.add(keyOf(path, declaration.name), declaredCommand(declaration, path))))
  }

  /** Reads the command and runs the work on it, one after the other for each command. */
  #inTurn<Result> (vm: Pick<VirtualMachine, 'id'>, name: string,
    work: (command: ManagedRunCommand | undefined) => MaybePromise<Result>): MaybePromise<Result> {
    const { collectionKey, nameKey } = runCommandKey(vm, name)
    return this.#inOrder.do(`${collectionKey}/${nameKey}`, () => then(this.get(vm, name), work))
  }
}

/** The key of a machine's command. */
export function runCommandKey ({ id }: Pick<VirtualMachine, 'id'>, name: string): RecordKey {
  return { collectionKey: `${id.collectionKey}/${id.nameKey}/runcommands`, nameKey: name.toLowerCase() }
}

function keyOf (path: string, name: string): RecordKey {
  return { collectionKey: `${path}/runCommands`.toLowerCase(), nameKey: name.toLowerCase() }
}

/** The path of the machine that a declaration names. */
function machinePath (declaration: Pick<RunCommandDeclaration,
  'subscriptionId' | 'resourceGroup' | 'vmName' | 'vmScaleSetName' | 'instanceId'>): string {
  const { subscriptionId, resourceGroup, vmName, vmScaleSetName, instanceId } = declaration
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Compute`
  return vmScaleSetName === undefined
    ? `${group}/virtualMachines/${vmName}`
    : `${group}/virtualMachineScaleSets/${vmScaleSetName}/virtualMachines/${instanceId}`
}

function declaredCommand (declaration: RunCommandDeclaration, vmId: string): ManagedRunCommand {
  const {
    subscriptionId, resourceGroup, vmName, vmScaleSetName, instanceId, name, location = 'westus', tags,
    provisioningState = 'Succeeded', sequence = 0, instanceView, ...settings
  } = declaration
  return {
    vmId,
    name,
    location,
    settings,
    provisioningState,
    sequence,
    ...tags !== undefined && { tags },
    ...instanceView !== undefined && { instanceView }
  }
}

/** The declaration for a config file. It leaves out a run in progress, which a file cannot restore. */
export function declarationOf (command: ManagedRunCommand): RunCommandDeclaration {
  const { vmId, name, location, tags, settings, provisioningState, sequence, instanceView } = command
  const [, , subscriptionId, , resourceGroup, , , type, machine, , instance] = vmId.split('/') as string[]
  const place = type!.toLowerCase() === 'virtualmachines'
    ? { vmName: machine! }
    : { vmScaleSetName: machine!, instanceId: instance! }
  const hasEnded = instanceView !== undefined && instanceView.executionState !== 'Running'
  return {
    subscriptionId: subscriptionId!,
    resourceGroup: resourceGroup!,
    ...place,
    name,
    location,
    ...tags !== undefined && { tags },
    ...settings,
    ...(provisioningState === 'Failed' || provisioningState === 'Canceled') && { provisioningState },
    ...sequence > 0 && { sequence },
    ...hasEnded && { instanceView }
  }
}

function sorted (commands: readonly ManagedRunCommand[]): ManagedRunCommand[] {
  return [...commands].sort((one, other) => one.name.toLowerCase() < other.name.toLowerCase() ? -1 : 1)
}
