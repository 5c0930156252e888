import type { OperationError } from './operation.js'

export interface RunContext {
  /** Aborts when the run is to stop; the operation then ends as the signal's reason says. */
  readonly signal: AbortSignal
}

/** Lets a run be canceled. Its signal is made when it is first read: a run that needs no time needs no signal. */
export class Cancellation implements RunContext {
  #controller: AbortController | undefined
  #reason: OperationError | undefined
  #onCancel: ((reason: OperationError) => void) | undefined
  #canceled: Promise<OperationError> | undefined

  get signal (): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#reason !== undefined) this.#controller.abort(this.#reason)
    }
    return this.#controller.signal
  }

  get reason (): OperationError | undefined {
    return this.#reason
  }

  /** Resolves to the reason once the run is canceled. */
  get canceled (): Promise<OperationError> {
    this.#canceled ??= this.#reason === undefined
      ? new Promise(resolve => { this.#onCancel = resolve })
      : Promise.resolve(this.#reason)
    return this.#canceled
  }

  /** The first reason counts. */
  cancel (reason: OperationError): void {
    this.#reason ??= reason
    this.#controller?.abort(reason)
    this.#onCancel?.(reason)
  }
}
