import type { OperationError } from './operation.js'

export interface RunContext {
  /** Aborts when the run must stop. Its reason is the error that ends the operation. */
  readonly signal: AbortSignal
}

/** Cancels a run. The signal is created on the first read, because a synchronous run needs none. */
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

  /** Cancels the run. Only the first reason counts. */
  cancel (reason: OperationError): void {
    this.#reason ??= reason
    this.#controller?.abort(reason)
    this.#onCancel?.(reason)
  }
}
