import type { JournalEntry, Message } from '../journal/entry.js'
import { targetOf } from '../journal/message.js'

/**
 * `runCommand`: the action, on a machine or on an instance of a scale set. `change`: anything else that starts an
 * operation, such as a power change or the write of a managed run command; it is safe to send again.
 */
export type CallKind = 'runCommand' | 'change' | 'poll' | 'resource' | 'token' | 'other'

/** A journal entry, and what the rules derive from it. */
export interface Call {
  readonly entry: JournalEntry
  readonly sequence: number
  /** In milliseconds since 1970, like all times here. */
  readonly sentAt: number
  /** When the response began, or when the connection broke. */
  readonly answeredAt: number
  /** The User-Agent; empty if there was none. */
  readonly client: string
  /** The client's id of the request, which SDKs keep in retries. */
  readonly requestId?: string
  /** The URL without its origin. */
  readonly target: string
  /** The path of the URL in lower case. */
  readonly path: string
  readonly kind: CallKind
}

const OPERATION = /(?:\/providers\/microsoft\.compute\/locations\/[^/]+\/operations|\/operationresults)\/([^/]+)$/
const RUN_COMMAND = /\/runcommand$/
const POWER = /\/virtualmachine(?:s|scalesets)\/.+\/(?:start|restart|redeploy|poweroff|deallocate)$/
const MANAGED = /\/virtualmachines\/[^/]+\/runcommands\/[^/]+$/
const RESOURCE_GROUP = /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+$/
const TOKEN = /\/oauth2\/(?:v2\.0\/)?token$|^\/msi\/token$|^\/metadata\/identity\/oauth2\/token\/?$/
const RESOURCE = /^\/(?:subscriptions|tenants|providers)(?:\/|$)/

/** What the rules read of an entry. A response that was cut off counts as none. */
export function callOf (recorded: JournalEntry): Call {
  const entry = recorded.isCut ? withoutResponse(recorded) : recorded
  const sentAt = Date.parse(entry.time)
  const target = requestTargetOf(entry.url)
  const path = target.replace(/[?#].*$/s, '').toLowerCase()
  return {
    entry,
    sequence: entry.sequence,
    sentAt,
    answeredAt: sentAt + entry.durationMs,
    client: entry.userAgent ?? '',
    requestId: entry.clientRequestId ?? inQuery(target),
    target,
    path,
    kind: kindOf(entry.method, path)
  }
}

/** The client's id in a URL, where MSAL for JavaScript puts it. */
function inQuery (target: string): string | undefined {
  return /[?&]client-request-id=([^&]*)/.exec(target)?.[1]
}

function withoutResponse (entry: JournalEntry): JournalEntry {
  return { ...entry, status: undefined, response: { headers: {} } }
}

/** A URL without its scheme and host, and with one slash at its beginning. */
export function requestTargetOf (url: string): string {
  return targetOf(url).replace(/^\/\/+/, '/')
}

/** The parameters in the query of a URL. */
export function queryOf (target: string): URLSearchParams {
  return new URLSearchParams(target.split('?')[1] ?? '')
}

/** The body if it is a JSON object. */
export function objectOf ({ body = '' }: Message): Readonly<Record<string, unknown>> | undefined {
  try {
    const value = JSON.parse(body)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** The code in Azure's error envelope, which the status of a failed operation also has. */
export function errorCodeOf ({ entry: { response } }: Call): string | undefined {
  const error = objectOf(response)?.['error']
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}

/** Whether a request starts an operation, unless it is refused. */
export function isStart ({ kind }: Call): boolean {
  return kind === 'runCommand' || kind === 'change'
}

/** Whether a request is for Resource Manager. */
export function isOfArm ({ kind }: Call): boolean {
  return kind !== 'token' && kind !== 'other'
}

/** The operation of a poll or of the request that started it, even if the journal does not know it. */
export function operationIdOf ({ entry, path }: Call): string | undefined {
  return (entry.operationId ?? OPERATION.exec(path)?.[1])?.toLowerCase()
}

/** Whether the client may retry: it was throttled, the service failed, or there was no complete response. */
export function mayBeRetried ({ entry: { status } }: Call): boolean {
  return status === undefined || status === 408 || status === 429 || status >= 500
}

/** The end of a call in words: `its connection broke`, or `status 503`. */
export function endOf ({ entry: { status } }: Call): string {
  return status === undefined ? 'its connection broke' : `status ${status}`
}

/** A key that a call and its retries share: the client and the request, without its headers and query. */
export function requestKeyOf (call: Call): string {
  const { entry: { method, request }, client, path, kind } = call
  return JSON.stringify([client, method, path, kind === 'poll' ? isMonitor(call) : request.body])
}

/** Whether the call polls the URL of a result. */
export function isMonitor ({ target }: Call): boolean {
  return /[?&]monitor=/i.test(target)
}

/** Groups calls by a key. Each group is in the order in which the calls were sent. */
export function groupBy (calls: readonly Call[], keyOf: (call: Call) => string): Call[][] {
  const groups = new Map<string, Call[]>()
  for (const call of calls) {
    const key = keyOf(call)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [call])
    else group.push(call)
  }
  return [...groups.values()]
    .map(group => group.sort((one, other) => one.sentAt - other.sentAt || one.sequence - other.sequence))
}

function kindOf (method: string, path: string): CallKind {
  if (TOKEN.test(path)) return 'token'
  if (!RESOURCE.test(path)) return 'other'
  if (method === 'POST' && RUN_COMMAND.test(path)) return 'runCommand'
  if (isChange(method, path)) return 'change'
  return OPERATION.test(path) ? 'poll' : 'resource'
}

function isChange (method: string, path: string): boolean {
  if (method === 'POST') return POWER.test(path)
  if (method === 'DELETE' && RESOURCE_GROUP.test(path)) return true
  return ['PUT', 'PATCH', 'DELETE'].includes(method) && MANAGED.test(path)
}
