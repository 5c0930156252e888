import type { Clock } from '../core/clock.js'
import { OperationError } from '../core/operations.js'
import type { VirtualMachine } from '../core/virtual-machines.js'
import { ExecutionError, type Executor, type ScriptParameter } from '../executors/executor.js'
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

/** What the agent inside a virtual machine does with a run command. */
export class Agent {
  readonly #executor: Executor
  readonly #timeLimit: TimeLimit

  constructor ({ executor, clock }: AgentOptions) {
    this.#executor = executor
    this.#timeLimit = new TimeLimit(clock, TIME_LIMIT)
  }

  /**
   * Runs the command. A script that fails is a result; an `OperationError` says that it could not be run. Whoever
   * aborts ends it, as the agent itself does when the time is over.
   */
  async run (vm: VirtualMachine, command: RunCommand, controller: AbortController): Promise<RunCommandResult> {
    controller.signal.throwIfAborted()
    const { document, parameters = [] } = command
    const system = vm.osType === 'Linux' ? linux : windows
    const { interpreter, args, env } = system.invocation(parameters)
    const script = plainText(command.script ?? document.script)
    const timed = this.#timeLimit.begin(() => controller.abort(timedOut(vm)))
    try {
      const { stdout, stderr } = await this.#executor.execute({
        vm, commandId: document.id, parameters, interpreter, script, args, env, maxOutput: MAX_OUTPUT
      }, controller.signal)
      return { value: system.statuses(lastText(stdout), lastText(stderr)) }
    } catch (error) {
      controller.signal.throwIfAborted()
      if (error instanceof ExecutionError) throw new OperationError(error.code, error.message, { cause: error })
      throw error
    } finally {
      this.#timeLimit.end(timed)
    }
  }

  async close (): Promise<void> {
    await this.#executor.close?.()
  }
}

/** Elements are lines; the handler takes a byte order mark and carriage returns away (run-command-extension-linux). */
function plainText (lines: readonly string[]): string {
  const text = lines.join('\n').replace(/^\uFEFF/, '')
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
