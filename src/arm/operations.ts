import type { FastifyRequest } from 'fastify'
import type { Operation } from '../core/operation.js'
import { originOf, type ReachedBy } from '../plugins/origin.js'
import type { Answer } from './answer.js'
import { hasArrayResult } from './api-versions.js'
import { ArmError } from './errors.js'
import type { Handlers, Services, Settings } from './contract.js'
import { rateLimits } from './headers.js'
import { OperationTimes } from './operation-times.js'

/** How long `--pace fast` holds the poll of an unfinished operation, in milliseconds. */
const LONGEST_HOLD = 10_000

/**
 * When to ask again at `--pace fast`: at once, since the poll is held. Azure says nothing of the kind (recorded), which
 * every client takes for 30 s. Java reads only the former and takes 0 for nothing, Go prefers the latter (measured:
 * test/clients).
 */
const ASK_AGAIN = ['Retry-After', '1', 'retry-after-ms', '1']

export interface OperationView {
  readonly operation: Operation
  /** The caller's: what is answered goes by its api-version and by how it reached azrun. */
  readonly request: ReachedBy & Pick<FastifyRequest, 'apiVersion'>
}

/** Polling: the URL of Azure-AsyncOperation shows the status, that of Location (it says `monitor`) the result. */
export function operationHandlers ({ operations, settings }: Services): Pick<Handlers, 'Operations_Get'> {
  const times = new OperationTimes()
  return {
    Operations_Get: async request => {
      const { subscriptionId, location, operationId } = request.params
      const kept = await operations.get(operationId) ?? await operations.get(operationId.toLowerCase())
      if (kept === undefined || !sameName(kept.subscriptionId, subscriptionId) || !sameName(kept.location, location)) {
        throw new ArmError('NotFound')
      }
      const operation = kept.status === 'InProgress' && settings.pace === 'fast'
        ? await operations.settle(kept, LONGEST_HOLD)
        : kept
      const view = { operation, request }
      const answer = request.query.monitor === undefined ? statusAnswer(view, times) : resultAnswer(view)
      return operation.status === 'InProgress' ? paced(answer, settings) : answer
    }
  }
}

/**
 * The answer of whoever waits for the result: 200 with it once there is one, 202 while there is none. A failed
 * operation is an error; its status, 409, is inferred (not a 5xx, which clients would send again).
 */
export function resultAnswer (view: OperationView, rateLimit: string = rateLimits.operation,
  requestId?: string): Answer {
  const { operation } = view
  if (operation.status === 'InProgress') return pending(view)
  if (operation.status !== 'Succeeded') throw new ArmError('OperationFailed', operation.error)
  return {
    status: 200,
    layer: 'service',
    body: outputText(operation.output, view.request.apiVersion),
    rateLimit,
    requestId
  }
}

/** The 202 to the action itself: both URLs, and the operation's id as the request's. */
export function acceptedAnswer (view: OperationView): Answer {
  return {
    status: 202,
    layer: 'service',
    headers: ['Location', resultUrl(view), 'Azure-AsyncOperation', statusUrl(view)],
    rateLimit: rateLimits.runCommand,
    requestId: view.operation.id
  }
}

/** What Azure-AsyncOperation shows (recorded: both captures; failed: azure-xplat-cli #2794). */
function statusAnswer ({ operation, request }: OperationView, times: OperationTimes): Answer {
  return {
    status: 200,
    layer: 'service',
    body: `{\r\n  ${times.of(operation)},\r\n  "status": "${operation.status}"${outcomeText(operation, request.apiVersion)},\r\n` +
      `  "name": "${operation.id}"\r\n}`,
    rateLimit: rateLimits.operation
  }
}

function outcomeText (operation: Operation, apiVersion: string): string {
  if (operation.status === 'InProgress') return ''
  if (operation.status === 'Succeeded') {
    return `,\r\n  "properties": {\r\n    "output": ${outputText(operation.output, apiVersion)}\r\n  }`
  }
  const { code, message } = operation.error
  return `,\r\n  "error": {\r\n    "code": ${JSON.stringify(code)},\r\n    "message": ${JSON.stringify(message)}\r\n  }`
}

/** The answer to a client that is to ask again. */
export function paced (answer: Answer, { pace }: Settings): Answer {
  return pace === 'azure' ? answer : { ...answer, headers: [...answer.headers ?? [], ...ASK_AGAIN] }
}

/** Recorded: the same Location again, and no Azure-AsyncOperation. */
function pending (view: OperationView): Answer {
  return { status: 202, layer: 'service', headers: ['Location', resultUrl(view)], rateLimit: rateLimits.operation }
}

/** The output is kept as the text of a RunCommandResult. */
function outputText (output: unknown, apiVersion: string): string {
  return hasArrayResult(apiVersion) ? JSON.stringify(JSON.parse(`${output}`).value) : `${output}`
}

function sameName (a: string, b: string): boolean {
  return a === b || a.toLowerCase() === b.toLowerCase()
}

function statusUrl (view: OperationView): string {
  return `${operationUrl(view)}?api-version=${encodeURIComponent(view.request.apiVersion)}`
}

function resultUrl (view: OperationView): string {
  return `${operationUrl(view)}?monitor=true&api-version=${encodeURIComponent(view.request.apiVersion)}`
}

function operationUrl ({ operation: { id, subscriptionId, location }, request }: OperationView): string {
  return `${originOf(request)}/subscriptions/${subscriptionId}/providers/Microsoft.Compute/locations/${location}/operations/${id}`
}
