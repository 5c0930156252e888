import type { RunContext } from '../core/cancellation.js'
import type { Clock } from '../core/clock.js'
import { GRACE_PERIOD, withGrace } from '../core/grace.js'
import type { Log } from '../core/log.js'
import { isPromise, type MaybePromise } from '../core/maybe-promise.js'
import { withoutUser } from '../core/secrets.js'
import type { VirtualMachine } from '../core/virtual-machines.js'
import { ExecutionError, type Execution, type ExecutionResult, type Sink } from '../executors/executor.js'
import { MAX_OUTPUT, outputOf, plainText, type Agent } from './agent.js'
import { exitCodes, exited, failed, timedOut, type ManagedOutcome } from './managed-outcome.js'
import { managedInvocation, type ManagedScript } from './managed-script.js'

/** How the handler reaches blobs and other places of the network. Each rejects with what a message may say. */
export interface Transfers {
  /** The text at a URI. */
  download (uri: string, signal: AbortSignal): Promise<string>
  /** Creates an append blob, or empties the one that is there. */
  createAppendBlob (uri: string, signal: AbortSignal): Promise<Sink>
}

export interface ManagedHandlerOptions {
  readonly agent: Pick<Agent, 'execute'>
  readonly clock: Clock
  readonly transfers: Transfers
  readonly log: Pick<Log, 'warn'>
  /** Milliseconds that a script has to end once it has timed out. Default: `GRACE_PERIOD`. */
  readonly gracePeriod?: number
}

/** What the handler of managed run commands inside a machine does (documented: run-command-handler-linux). */
export class ManagedHandler {
  readonly #options: ManagedHandlerOptions

  constructor (options: ManagedHandlerOptions) {
    this.#options = options
  }

  /**
   * Runs the script; at once, where nothing takes time. Whatever goes wrong inside the machine is an outcome; only the
   * context's signal makes it reject, and then what was started ends.
   */
  run (vm: VirtualMachine, script: ManagedScript, context: RunContext): MaybePromise<ManagedOutcome> {
    if (script.result !== undefined) return this.#execute(vm, script, script.script ?? '', context)
    if (script.script === undefined && script.scriptUri === undefined) return failed(exitCodes.noSource, NO_SOURCE)
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
        return failed(exitCodes.downloadFailed, downloadFailure(scriptUri, error as Error))
      }
    }
    const sinks: { stdout?: Sink, stderr?: Sink } = {}
    for (const [stream, uri] of [['stdout', outputBlobUri], ['stderr', errorBlobUri]] as const) {
      if (uri === undefined) continue
      try {
        sinks[stream] = this.#lenient(await transfers.createAppendBlob(uri, signal), uri)
      } catch (error) {
        signal.throwIfAborted()
        return failed(exitCodes.blobNotCreated, blobFailure(uri, error as Error))
      }
    }
    return await this.#execute(vm, script, text, context, sinks)
  }

  #execute (vm: VirtualMachine, script: ManagedScript, text: string, context: RunContext,
    sinks?: Execution['sinks']): MaybePromise<ManagedOutcome> {
    const { commandId, parameters, user, timeoutInSeconds, result } = script
    const execution: Execution = {
      vm,
      commandId,
      parameters,
      script: plainText([text]),
      ...managedInvocation(script),
      maxOutput: MAX_OUTPUT,
      ...user !== undefined && { user },
      ...sinks !== undefined && { sinks }
    }
    const execute = (limited: RunContext) => this.#options.agent.execute(execution, limited, result)
    const notRun = (error: unknown) => {
      if (error instanceof ExecutionError) return notExecuted(error, script)
      throw error
    }
    try {
      const running = timeoutInSeconds > 0 ? this.#limited(execute, timeoutInSeconds, context) : execute(context)
      return isPromise(running) ? running.then(outcomeOf, notRun) : outcomeOf(running)
    } catch (error) {
      return notRun(error)
    }
  }

  /** Ends the script after so many seconds; one that goes on all the same is left behind. */
  #limited (execute: (context: RunContext) => MaybePromise<ExecutionResult>, seconds: number,
    context: RunContext): MaybePromise<ExecutionResult | TimedOut> {
    const { clock, log, gracePeriod = GRACE_PERIOD } = this.#options
    // AbortSignal.any() of Node 20 may lose a signal that nothing else holds.
    const ending = new AbortController()
    const running = execute({ signal: ending.signal })
    if (!isPromise(running)) return running
    const over = new AbortController()
    let isLate = false
    const abort = () => ending.abort(context.signal.reason)
    context.signal.addEventListener('abort', abort, { once: true })
    const late = clock.sleep(seconds * 1000, over.signal).then(async () => {
      isLate = true
      ending.abort(new Error('The script has timed out.'))
      await withGrace(running.catch(() => {}), gracePeriod, () => log.warn(`a script goes on ${gracePeriod} ms after it ` +
        'has timed out: an executor must end what it started and reject when its signal aborts'))
      return TIMED_OUT
    })
    late.catch(() => {})
    const ended = running.catch(error => {
      if (isLate) return late
      throw error
    })
    return Promise.race([ended, late]).finally(() => {
      over.abort()
      context.signal.removeEventListener('abort', abort)
    })
  }

  /** A stream that cannot be written does not fail the command, as on Azure. */
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

const TIMED_OUT = 'timedOut' as const
type TimedOut = typeof TIMED_OUT

function outcomeOf (result: ExecutionResult | TimedOut): ManagedOutcome {
  return result === TIMED_OUT ? timedOut() : exited(result.exitCode, outputOf(result))
}

/** The sentence is recorded (azcli_managed_vm_2022); the exit code is that of a newer handler. */
const NO_SOURCE = "failed to get configuration: invalid configuration: Either 'source.script' or 'source.scriptUri' has " +
  'to be specified'

function notExecuted ({ code, message }: ExecutionError, { osType, user }: ManagedScript): ManagedOutcome {
  if (code !== 'RunAsUserNotFound') {
    return { ...failed(exitCodes.notExecuted, `failed to execute command: ${message}`), error: { code, message } }
  }
  // Inferred: the exit code is 0 (recorded: azure-cli #21602, #23462, as the sentence).
  if (osType === 'Windows') return failed(0, 'Script cannot be executed with specified runAsUser/runAsPassword parameters')
  return failed(exitCodes.userNotFound, `failed to execute command: Failed to lookup RunAs user '${user}'. Looks like ` +
    'user does not exist. For RunAs to work properly, contact admin of VM and make sure RunAs user is added on the VM and ' +
    'user has access to resources accessed by the Run Command (Directories, Files, Network etc.). Refer: ' +
    `https://aka.ms/RunCommandManagedLinux: user: unknown user ${user}`)
}

function downloadFailure (uri: string, { message }: Error): string {
  return 'File downloads failed. Use either a public script URI that points to .sh file, Azure storage blob SAS URI or ' +
    'storage blob accessible by a managed identity and retry. If managed identity is used, make sure it has been given ' +
    `access to container of storage blob '${withoutSecrets(uri)}' with 'Storage Blob Data Reader' role assignment. In case ` +
    "of user-assigned identity, make sure you add it under VM's identity. For more info, refer " +
    `https://aka.ms/RunCommandManagedLinux: ${message}`
}

function blobFailure (uri: string, { message }: Error): string {
  return `Error creating AppendBlob '${withoutSecrets(uri)}' using SAS token or Managed identity. Please use a valid blob ` +
    'SAS URI with [read, append, create, write] permissions OR managed identity. For more info, refer ' +
    `https://aka.ms/RunCommandManagedLinux: ${message}`
}

/** A URI without its query, which may be a signature, and without a password. */
export function withoutSecrets (uri: string): string {
  return withoutUser(uri).replace(/[?#].*$/s, '')
}
