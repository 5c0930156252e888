import { InOrder } from '../core/in-order.js'
import { then, type MaybePromise } from '../core/maybe-promise.js'
import { pathKeyOf } from '../core/resource-id.js'
import { Scope } from '../core/scope.js'
import type { Records, Store } from '../core/store.js'
import { runCommandKey, runCommandKeyAt, type ManagedRunCommand } from './managed-run-command.js'
import { declaredCommand, machinePath, type RunCommandDeclaration } from './run-command-declaration.js'
import type { VirtualMachine } from './virtual-machines.js'

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

  /** The commands in a scope, sorted by machine and name. */
  within (scope: Scope): MaybePromise<ManagedRunCommand[]> {
    return then(this.#records.list(scope.prefix), commands =>
      [...commands].sort((one, other) => pathOf(one) < pathOf(other) ? -1 : 1))
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
    await Promise.all(commands.map(async ({ vmId, name }) => await this.#records.delete(runCommandKeyAt(vmId, name))))
  }

  /** Replaces the declarations. Commands that clients have created or run since stay. */
  async redeclare (declared: readonly RunCommandDeclaration[]): Promise<void> {
    const former = this.#declared.map(declaration => runCommandKeyAt(machinePath(declaration), declaration.name))
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
      await this.#records.add(runCommandKeyAt(path, declaration.name), declaredCommand(declaration, path))))
  }

  /** Reads the command and runs the work on it, one after the other for each command. */
  #inTurn<Result> (vm: Pick<VirtualMachine, 'id'>, name: string,
    work: (command: ManagedRunCommand | undefined) => MaybePromise<Result>): MaybePromise<Result> {
    return this.#inOrder.do(pathKeyOf(runCommandKey(vm, name)), () => then(this.get(vm, name), work))
  }
}

function sorted (commands: readonly ManagedRunCommand[]): ManagedRunCommand[] {
  return [...commands].sort((one, other) => one.name.toLowerCase() < other.name.toLowerCase() ? -1 : 1)
}

function pathOf ({ vmId, name }: ManagedRunCommand): string {
  return `${vmId}/${name}`.toLowerCase()
}
