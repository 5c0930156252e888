import type { Log } from '../core/log.js'
import { isPromise, type MaybePromise } from '../core/maybe-promise.js'
import { ExecutionError, type Execution, type ExecutionResult, type Sink } from '../executors/executor.js'
import type { RunContext } from '../operations/cancellation.js'
import type { VirtualMachine } from '../resources/virtual-machines.js'
import type { Clock } from '../time/clock.js'
import type { Agent } from './agent.js'
import { blobNotCreated, downloadFailed, noSource, notExecuted, withoutSecrets } from './managed-failures.js'
import { exited, NO_OUTPUT, timedOut, type ManagedOutcome } from './managed-outcome.js'
import { managedInvocation, type ManagedScript } from './managed-script.js'
import { MAX_OUTPUT, outputOf, plainText } from './script-text.js'
import { executeInTime, type Execute, type TimedOut } from './time-limit.js'

/** How the handler reaches the network. An error's message can be shown to clients. */
export interface Transfers {
  /** Downloads the text at a URI. */
  download (uri: string, signal: AbortSignal): Promise<string>
  /** Creates an append blob, or empties an existing one. */
  createAppendBlob (uri: string, signal: AbortSignal): Promise<Sink>
}

export interface ManagedHandlerOptions {
  readonly agent: Pick<Agent, 'execute'>
  readonly clock: Clock
  readonly transfers: Transfers
  readonly log: Pick<Log, 'warn'>
  /** The milliseconds that a script has to end after its timeout. Default: `GRACE_PERIOD`. */
  readonly gracePeriod?: number
}

/** The handler of managed run commands inside a machine (documented: run-command-handler-linux). */
export class ManagedHandler {
  readonly #options: ManagedHandlerOptions

  constructor (options: ManagedHandlerOptions) {
    this.#options = options
  }

  /**
   * Runs the script. It is synchronous if nothing takes time. All failures inside the machine are outcomes. It rejects
   * only when the context's signal aborts; then everything that was started ends.
   */
  run (vm: VirtualMachine, script: ManagedScript, context: RunContext): MaybePromise<ManagedOutcome> {
    if (script.result !== undefined) return this.#execute(vm, script, script.script ?? '', context)
    if (script.script === undefined && script.scriptUri === undefined) return noSource()
    const { scriptUri, outputBlobUri, errorBlobUri } = script
    const needsTransfers = scriptUri !== undefined || outputBlobUri !== undefined || errorBlobUri !== undefined
    return needsTransfers ? this.#transfer(vm, script, context) : this.#execute(vm, script, script.script!, context)
  }

  async #transfer (vm: VirtualMachine, script: ManagedScript, context: RunContext): Promise<ManagedOutcome> {
    const { transfers } = this.#options
    const { signal } = context
    const { scriptUri, outputBlobUri, errorBlobUri } = script
    let text = script.script ?? ''
    if (scriptUri !== undefined) {
      try {
        text = await transfers.download(scriptUri, signal)
      } catch (error) {
        signal.throwIfAborted()
        return downloadFailed(scriptUri, error as Error)
      }
    }
    const sinks: { stdout?: Sink, stderr?: Sink } = {}
    for (const [stream, uri] of [['stdout', outputBlobUri], ['stderr', errorBlobUri]] as const) {
      if (uri === undefined) continue
      try {
        sinks[stream] = this.#lenient(await transfers.createAppendBlob(uri, signal), uri)
      } catch (error) {
        signal.throwIfAborted()
        return blobNotCreated(uri, error as Error)
      }
    }
    return await this.#execute(vm, script, text, context, sinks)
  }

  #execute (vm: VirtualMachine, script: ManagedScript, text: string, context: RunContext,
    sinks?: Execution['sinks']): MaybePromise<ManagedOutcome> {
    const { name: runCommandName, commandId, parameters, user, timeoutInSeconds, result } = script
    const execution: Execution = {
      vm,
      commandId,
      runCommandName,
      parameters,
      script: plainText([text]),
      ...managedInvocation(script),
      maxOutput: MAX_OUTPUT,
      ...user !== undefined && { user },
      ...sinks !== undefined && { sinks }
    }
    const execute: Execute = (limited, ending) => this.#options.agent.execute(limited, ending, result)
    const notRun = (error: unknown) => {
      if (error instanceof ExecutionError) return notExecuted(error, script)
      throw error
    }
    try {
      const running = timeoutInSeconds > 0
        ? executeInTime(execute, execution, context, { seconds: timeoutInSeconds, ...this.#options })
        : execute(execution, context)
      return isPromise(running) ? running.then(outcomeOf, notRun) : outcomeOf(running)
    } catch (error) {
      return notRun(error)
    }
  }

  /** Ignores errors of a sink except for a warning. As on Azure, they do not fail the command. */
  #lenient (sink: Sink, uri: string): Sink {
    const warn = (error: Error) => this.#options.log.warn('an output of a run command was not written to ' +
      `${withoutSecrets(uri)}: ${error.message}`)
    return {
      async write (bytes) {
        try {
          await sink.write(bytes)
        } catch (error) {
          warn(error as Error)
        }
      }
    }
  }
}

function outcomeOf (ended: ExecutionResult | TimedOut): ManagedOutcome {
  if (!('isTimedOut' in ended)) return exited(ended.exitCode, outputOf(ended))
  return timedOut(ended.result === undefined ? NO_OUTPUT : outputOf(ended.result))
}
