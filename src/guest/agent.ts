import type { Log } from '../core/log.js'
import { isPromise, then, type MaybePromise } from '../core/maybe-promise.js'
import { messageOf } from '../core/message-of.js'
import {
  ExecutionError, type Execution, type ExecutionResult, type Executor, type ScriptParameter
} from '../executors/executor.js'
import { createFixtureExecutor, type FixtureResult } from '../executors/fixture.js'
import type { RunContext } from '../operations/cancellation.js'
import { OperationError } from '../operations/operation.js'
import type { ScriptOutput } from '../operations/script-run.js'
import type { OperatingSystem, VirtualMachine } from '../resources/virtual-machines.js'
import { systemClock, type Clock } from '../time/clock.js'
import { GRACE_PERIOD, withGrace } from '../time/grace.js'
import type { RunCommandDocument } from './documents.js'
import * as linux from './linux.js'
import { mistakeIn } from './result-check.js'
import { completed, type RunCommandResult } from './result.js'
import { MAX_OUTPUT, outputOf, plainText } from './script-text.js'
import * as windows from './windows.js'

/** A built-in command to run, optionally with another script. */
export interface RunCommand {
  readonly document: RunCommandDocument
  readonly script?: readonly string[]
  readonly parameters?: readonly ScriptParameter[]
  /** The result to return without running the script. */
  readonly result?: FixtureResult
}

/** The result of a run command as Azure shows it, with its exit code and whole output. */
export interface CommandOutcome {
  readonly result: RunCommandResult
  readonly exitCode: number
  readonly output: ScriptOutput
}

const SYSTEMS = { Linux: linux, Windows: windows } as const

export interface AgentOptions {
  /** For the duration of given results. Default: the system's. */
  readonly clock?: Clock
  readonly log: Pick<Log, 'warn' | 'error'>
  /** The milliseconds that the executor has to close. Default: `GRACE_PERIOD`. */
  readonly gracePeriod?: number
}

/** The agent inside a virtual machine, which runs commands. */
export class Agent {
  readonly #executor: Executor
  /** The outcomes of frozen results. A fixture returns the same result again and again, so operations share them. */
  readonly #outcomes = {
    Linux: new WeakMap<ExecutionResult, CommandOutcome>(),
    Windows: new WeakMap<ExecutionResult, CommandOutcome>()
  }

  readonly #clock: Clock
  readonly #log: AgentOptions['log']
  readonly #gracePeriod: number

  constructor (executor: Executor, { clock = systemClock, log, gracePeriod = GRACE_PERIOD }: AgentOptions) {
    this.#executor = executor
    this.#clock = clock
    this.#log = log
    this.#gracePeriod = gracePeriod
  }

  /**
   * Runs the command. It is synchronous if the executor is. A failing script has a result; an `OperationError` means
   * that the script could not be run. When the signal aborts, everything that was started ends.
   */
  run (vm: VirtualMachine, command: RunCommand, context: RunContext): MaybePromise<CommandOutcome> {
    const { document: { osType }, result } = command
    try {
      const execution = this.#executorFor(result).execute(executionOf(vm, command), context)
      return isPromise(execution)
        ? execution.then(result => this.#outcomeOf(osType, result), error => { throw toOperationError(error) })
        : this.#outcomeOf(osType, execution)
    } catch (error) {
      throw toOperationError(error)
    }
  }

  /** Returns the executor's result, or the given one without running the script. Throws if a result is invalid. */
  execute (execution: Execution, context: RunContext, result?: FixtureResult): MaybePromise<ExecutionResult> {
    return then(this.#executorFor(result).execute(execution, context), returned => this.#checked(returned))
  }

  /** The result of a script that prints nothing. */
  nothing (osType: OperatingSystem): RunCommandResult {
    return outcomeOf(osType, { exitCode: 0, stdout: '', stderr: '' }).result
  }

  /** Closes the executor, but waits only for the grace period. Never rejects, so that the rest of azrun closes, too. */
  async close (): Promise<void> {
    try {
      const closing = this.#executor.close?.()
      if (closing === undefined) return
      await withGrace(closing, this.#gracePeriod, () => {
        this.#log.warn(`the executor's method 'close' takes longer than ${this.#gracePeriod} ms; azrun no longer waits for it: ` +
          'its promise must resolve')
      })
    } catch (error) {
      this.#log.error(`the executor's method 'close' failed: ${messageOf(error)}`)
    }
  }

  #executorFor (result: FixtureResult | undefined): Executor {
    if (result === undefined) return this.#executor
    return createFixtureExecutor({ fixtures: [{ name: 'result', result }], clock: this.#clock })
  }

  #outcomeOf (osType: OperatingSystem, execution: ExecutionResult): CommandOutcome {
    if (typeof execution !== 'object' || !Object.isFrozen(execution)) return this.#checkedOutcomeOf(osType, execution)
    const outcomes = this.#outcomes[osType]
    let outcome = outcomes.get(execution)
    if (outcome === undefined) outcomes.set(execution, outcome = this.#checkedOutcomeOf(osType, execution))
    return outcome
  }

  #checkedOutcomeOf (osType: OperatingSystem, execution: ExecutionResult): CommandOutcome {
    return outcomeOf(osType, this.#checked(execution))
  }

  /** Validates a result, because a user's own executor may return anything. */
  #checked (execution: ExecutionResult): ExecutionResult {
    const mistake = mistakeIn(execution)
    if (mistake === undefined) return execution
    this.#log.error(mistake)
    throw new OperationError('InternalExecutionError', mistake)
  }
}

function executionOf (vm: VirtualMachine, command: RunCommand): Execution {
  const { document, script = document.script, parameters = [] } = command
  const { interpreter, args, env } = SYSTEMS[document.osType].invocation(parameters)
  const commandId = document.id
  return { vm, commandId, parameters, script: plainText(script), interpreter, args, env, maxOutput: MAX_OUTPUT }
}

function outcomeOf (osType: OperatingSystem, execution: ExecutionResult): CommandOutcome {
  const { exitCode, statuses } = execution
  const output = outputOf(execution)
  const azures = SYSTEMS[osType].statuses(output.stdout, output.stderr)
  const result = Object.freeze({ value: statuses === undefined ? azures : completed(statuses, azures) })
  return { result, exitCode, output }
}

function toOperationError (error: unknown): unknown {
  return error instanceof ExecutionError ? new OperationError(error.code, error.message, { cause: error }) : error
}
