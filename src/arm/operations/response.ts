import type { Course } from '../../operations/course.js'
import type { Operation } from '../../operations/operation.js'
import { ArmError } from '../errors/arm-error.js'
import { errors } from '../errors/table.js'
import type { ArmResponse } from '../responses/arm-response.js'
import { hasArrayResult, hasAsyncNotification } from '../responses/form.js'
import { indented } from '../responses/json-text.js'
import type { RateLimit } from '../responses/quotas.js'
import type { OperationCourses } from './courses.js'
import { OperationTimes } from './times.js'
import type { OperationView } from './urls.js'

const ASYNC_NOTIFICATION = ['Azure-AsyncNotification', 'Enabled']

/** The parts of the response to a starting request, in addition to the operation's URLs. */
export interface AcceptedForm {
  /** Default: that of the request's operation. */
  readonly rateLimit?: RateLimit | undefined
  readonly charge?: number | undefined
  /** The written resource, instead of 202. Then there is nothing else to fetch, so that Location is absent. */
  readonly written?: { readonly status: 200 | 201, readonly body: string }
}

/** The headers with URLs, and Retry-After between them (recorded: net_power_vm_2023-03-01_hibernate). */
type Links = (status: string, result: string, retryAfter: readonly string[]) => readonly string[]

const LINKS: Readonly<Record<NonNullable<Course['headers']>, Links>> = {
  both: (status, result, retryAfter) => ['Location', result, ...retryAfter, 'Azure-AsyncOperation', status],
  location: (_status, result, retryAfter) => ['Location', result, ...retryAfter],
  asyncOperation: (status, _result, retryAfter) => [...retryAfter, 'Azure-AsyncOperation', status],
  none: (_status, _result, retryAfter) => retryAfter
}

/** Creates the responses about an operation: to the starting request and to polls. */
export class OperationResponses {
  /** The texts of outputs. Operations may share outputs: see `Agent`. */
  readonly #texts = new WeakMap<object, string>()
  readonly #times = new OperationTimes()
  readonly #courses: OperationCourses

  constructor (courses: OperationCourses) {
    this.#courses = courses
  }

  /** The response to the starting request: the URLs to poll, and the operation's id as the request's id. */
  accepted (view: OperationView, { rateLimit, charge, written }: AcceptedForm): ArmResponse {
    const { operation, request } = view
    this.#courses.begin(operation)
    const { status, result } = this.#courses.urlsOf(operation).accepted(view)
    const linked = operation.course?.headers ?? (written === undefined ? 'both' : 'asyncOperation')
    const links = LINKS[linked](status, result, this.#courses.retryAfterOf(operation))
    const notification = hasAsyncNotification(request) ? ASYNC_NOTIFICATION : []
    return {
      status: written?.status ?? 202,
      layer: 'service',
      body: written?.body,
      headers: [...links, ...notification],
      rateLimit,
      charge,
      requestId: operation.id
    }
  }

  /** The response to a poll: the status or the result, depending on its URL. */
  poll (view: OperationView): ArmResponse {
    const { monitor } = view.request.query as { readonly monitor?: string }
    return monitor === undefined ? this.status(view) : this.result(view)
  }

  /**
   * The result: 200 once there is one, until then 202 with the same Location and without Azure-AsyncOperation
   * (recorded). A failed operation is an error. Its status 409 is inferred (it is not a 5xx, which clients retry).
   */
  result (view: OperationView, { rateLimit, charge }: AcceptedForm = {}, requestId?: string): ArmResponse {
    const { operation, request } = view
    if (operation.status === 'InProgress') {
      return { status: 202, layer: 'service', headers: this.#inProgressHeaders(view), rateLimit }
    }
    if (operation.status !== 'Succeeded') throw new ArmError('OperationFailed', operation.error)
    const { output } = operation
    const body = output === undefined ? undefined : this.#outputText(shownAs(output, request.apiVersion))
    return { status: resultStatus(operation), layer: 'service', body, rateLimit, charge, requestId }
  }

  /** The body at Azure-AsyncOperation (recorded: both captures; failed: azure-xplat-cli #2794). */
  status (view: OperationView): ArmResponse {
    const { operation, request } = view
    const body = `{\r\n  ${this.#times.textOf(operation)},\r\n  "status": "${operation.status}"` +
      `${this.#outcomeText(operation, request.apiVersion)},\r\n  "name": "${operation.id}"\r\n}`
    const headers = operation.status === 'InProgress' ? this.#inProgressHeaders(view) : undefined
    return { status: 200, layer: 'service', body, headers }
  }

  #inProgressHeaders (view: OperationView): readonly string[] {
    const { operation } = view
    return [...this.#courses.urlsOf(operation).again(view), ...this.#courses.retryAfterOf(operation)]
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

/** The status of the response with the result of an ended operation. */
function resultStatus ({ status, course }: Operation): number {
  if (status !== 'Succeeded') return errors.OperationFailed.status
  return course?.noContent ? 204 : 200
}

/** The output of an operation in the form of this api-version. */
function shownAs (output: object, apiVersion: string): object {
  return hasArrayResult(apiVersion) && 'value' in output ? output.value as object : output
}
