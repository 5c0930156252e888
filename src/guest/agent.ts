import type { Clock } from '../core/clock.js'
import { OperationError } from '../core/operation.js'
import type { VirtualMachine } from '../core/virtual-machines.js'
import { ExecutionError, type ExecutionResult, type Executor, type RequestedScript, type ScriptParameter } from '../executors/executor.js'
import { lastBytes } from '../executors/output.js'
import type { RunCommandDocument } from './documents.js'
import * as linux from './linux.js'
import type { RunCommandResult } from './result.js'
import { TimeLimit } from './time-limit.js'
import * as windows from './windows.js'

/** What the caller wants run: a built-in command, perhaps with another script than its own. */
export interface RunCommand {
  readonly document: RunCommandDocument
  readonly script?: readonly string[]
  readonly parameters?: readonly ScriptParameter[]
}

/** Azure shows the last 4096 bytes of each stream (recorded: azcli_vm__latest__test_vm_run_command_e2e). */
const MAX_OUTPUT = 4096

/** Azure gives up after 90 minutes (documented: azure-docs run-command.md). */
const TIME_LIMIT = 90 * 60 * 1000

export interface AgentOptions {
  readonly executor: Executor
  readonly clock: Clock
}

/** What the agent inside a virtual machine does with a run command. Results are JSON: so they are kept and answered. */
export class Agent {
  readonly #executor: Executor
  readonly #timeLimit: TimeLimit
  /** Of results that come again and again, such as a fixture's. */
  readonly #texts = { Linux: new WeakMap<ExecutionResult, string>(), Windows: new WeakMap<ExecutionResult, string>() }

  constructor ({ executor, clock }: AgentOptions) {
    this.#executor = executor
    this.#timeLimit = new TimeLimit(clock, TIME_LIMIT)
  }

  /** The result, where the executor knows it without running anything. Throws what `run` rejects with. */
  answer (vm: VirtualMachine, command: RunCommand): string | undefined {
    if (this.#executor.answer === undefined) return undefined
    let result: ExecutionResult | undefined
    try {
      result = this.#executor.answer(requestedScript(vm, command))
    } catch (error) {
      throw toOperationError(error)
    }
    if (result === undefined) return undefined
    const texts = this.#texts[vm.osType]
    let text = texts.get(result)
    if (text === undefined) texts.set(result, text = textOf(vm, result))
    return text
  }

  /**
   * Runs the command. A script that fails is a result; an `OperationError` says that it could not be run. Whoever
   * aborts ends it, as the agent itself does when the time is over.
   */
  async run (vm: VirtualMachine, command: RunCommand, controller: AbortController): Promise<string> {
    controller.signal.throwIfAborted()
    const requested = requestedScript(vm, command)
    const execution = { ...requested, ...systemOf(vm).invocation(requested.parameters), maxOutput: MAX_OUTPUT }
    const timed = this.#timeLimit.begin(() => controller.abort(timedOut(vm)))
    try {
      return textOf(vm, await this.#executor.execute(execution, controller.signal))
    } catch (error) {
      controller.signal.throwIfAborted()
      throw toOperationError(error)
    } finally {
      this.#timeLimit.end(timed)
    }
  }

  async close (): Promise<void> {
    await this.#executor.close?.()
  }
}

function requestedScript (vm: VirtualMachine, command: RunCommand): RequestedScript {
  const { document, script = document.script, parameters = [] } = command
  return { vm, commandId: document.id, parameters, script: plainText(script) }
}

function textOf (vm: VirtualMachine, { stdout, stderr }: ExecutionResult): string {
  const result: RunCommandResult = { value: systemOf(vm).statuses(lastText(stdout), lastText(stderr)) }
  return JSON.stringify(result)
}

function systemOf ({ osType }: VirtualMachine): typeof linux | typeof windows {
  return osType === 'Linux' ? linux : windows
}

function toOperationError (error: unknown): unknown {
  return error instanceof ExecutionError ? new OperationError(error.code, error.message, { cause: error }) : error
}

/** Elements are lines; the handler takes a byte order mark and carriage returns away (run-command-extension-linux). */
function plainText (lines: readonly string[]): string {
  const joined = lines.join('\n')
  const text = joined.startsWith('\uFEFF') ? joined.slice(1) : joined
  return text.includes('\r') ? text.replaceAll('\r\n', '\n') : text
}

function lastText (text: string): string {
  return text.length * 3 <= MAX_OUTPUT ? text : lastBytes(Buffer.from(text), MAX_OUTPUT)
}

/** Recorded in azure-sdk-for-python #4369. */
function timedOut ({ osType }: VirtualMachine): OperationError {
  return new OperationError('VMExtensionProvisioningTimeout', `Provisioning of VM extension 'RunCommand${osType}' has ` +
    'timed out. Extension installation may be taking too long, or extension status could not be obtained.')
}
