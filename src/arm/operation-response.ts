import type { Operation } from '../core/operation.js'
import { ArmError } from './errors.js'
import { OperationTimes } from './operation-times.js'
import type { OperationUrls, OperationView } from './operation-urls.js'
import { rateLimits } from './rate-limits.js'
import { hasArrayResult, hasAsyncNotification } from './response-form.js'
import type { ArmResponse } from './response-headers.js'
import { indented } from './response.js'

/** `fast` tells clients to poll at once and holds the poll of an unfinished operation; `azure` does neither. */
export type Pace = 'fast' | 'azure'

/**
 * When to poll again at `--pace fast`: at once, since the poll is held. Azure sends neither header (recorded), and then
 * every client waits 30 s. Java reads only the first and ignores 0; Go prefers the second (measured: test/clients).
 */
const ASK_AGAIN = ['Retry-After', '1', 'retry-after-ms', '1']

const ASYNC_NOTIFICATION = ['Azure-AsyncNotification', 'Enabled']

/** The responses that show an operation: to the action itself and to polls. */
export class OperationResponses {
  /** Texts of outputs, which operations may share: see `Agent`. */
  readonly #texts = new WeakMap<object, string>()
  readonly #times = new OperationTimes()
  readonly #urls: OperationUrls
  readonly #askAgain: readonly string[]

  constructor (pace: Pace, urls: OperationUrls) {
    this.#urls = urls
    this.#askAgain = pace === 'fast' ? ASK_AGAIN : []
  }

  /** The 202 to the action: both URLs, and the operation's id as the request's. */
  accepted (view: OperationView): ArmResponse {
    const { status, result } = this.#urls.accepted(view)
    const notification = hasAsyncNotification(view.request.apiVersion) ? ASYNC_NOTIFICATION : []
    return {
      status: 202,
      layer: 'service',
      headers: ['Location', result, 'Azure-AsyncOperation', status, ...notification, ...this.#askAgain],
      rateLimit: rateLimits.runCommand,
      requestId: view.operation.id
    }
  }

  /**
   * The result: 200 once there is one, until then 202 with the same Location again and no Azure-AsyncOperation
   * (recorded). A failed operation is an error; its status, 409, is inferred (not a 5xx: clients retry those).
   */
  result (view: OperationView, rateLimit = rateLimits.operation, requestId?: string): ArmResponse {
    const { operation, request } = view
    if (operation.status === 'InProgress') {
      return { status: 202, layer: 'service', headers: ['Location', this.#urls.again(view), ...this.#askAgain], rateLimit }
    }
    if (operation.status !== 'Succeeded') throw new ArmError('OperationFailed', operation.error)
    const { output } = operation
    const body = output === undefined ? undefined : this.#outputText(shownAs(output, request.apiVersion))
    return { status: 200, layer: 'service', body, rateLimit, requestId }
  }

  /** What Azure-AsyncOperation shows (recorded: both captures; failed: azure-xplat-cli #2794). */
  status ({ operation, request }: OperationView): ArmResponse {
    const body = `{\r\n  ${this.#times.textOf(operation)},\r\n  "status": "${operation.status}"` +
      `${this.#outcomeText(operation, request.apiVersion)},\r\n  "name": "${operation.id}"\r\n}`
    const headers = operation.status === 'InProgress' ? this.#askAgain : undefined
    return { status: 200, layer: 'service', body, headers, rateLimit: rateLimits.operation }
  }

  #outcomeText (operation: Operation, apiVersion: string): string {
    if (operation.status === 'InProgress') return ''
    if (operation.status === 'Succeeded') {
      const { output } = operation
      if (output === undefined) return ''
      const shown = shownAs(output, apiVersion)
      const text = hasArrayResult(apiVersion) ? indented(shown) : this.#outputText(shown)
      return `,\r\n  "properties": {\r\n    "output": ${text}\r\n  }`
    }
    const { code, message } = operation.error
    return `,\r\n  "error": {\r\n    "code": ${JSON.stringify(code)},\r\n    "message": ${JSON.stringify(message)}\r\n  }`
  }

  #outputText (output: object): string {
    let text = this.#texts.get(output)
    if (text === undefined) this.#texts.set(output, text = JSON.stringify(output))
    return text
  }
}

/** The output of an operation in the shape that this api-version has for it. */
function shownAs (output: object, apiVersion: string): object {
  return hasArrayResult(apiVersion) && 'value' in output ? output.value as object : output
}
