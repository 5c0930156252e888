import { headerOf } from '../journal/message.js'
import { errorCodeOf, groupBy, isMonitor, isStart, mayBeRetried, objectOf, operationIdOf, type Call } from './call.js'
import { changeOf, issuedBy, type IssuedUrl, type UrlChange, type UrlKind } from './operation-urls.js'

/**
 * What a poll says. `lost`: the operation does not exist (any more); `refused`: an error that says nothing about the
 * operation; `unclear`: no status that a client could read; `broken`: there was no complete response.
 */
export type PollOutcome = 'inProgress' | Ending | 'refused' | 'unclear' | 'broken'

/** How an operation ended for its client. */
export type Ending = 'succeeded' | 'failed' | 'canceled' | 'lost'

const ENDINGS: readonly PollOutcome[] = ['succeeded', 'failed', 'canceled', 'lost']

/** A poll, and how its URL compares with those that the client was given. */
export interface Poll {
  readonly call: Call
  readonly kind: UrlKind
  readonly outcome: PollOutcome
  /** The last URL of this kind that the client was given; undefined if there was none. */
  readonly told?: IssuedUrl
  /** How the poll's URL differs from `told`. */
  readonly change?: UrlChange
  /** Whether the URL is from an earlier response. */
  readonly isOutdated: boolean
}

/** An operation from the view of its clients. */
export interface OperationStory {
  readonly id: string
  /** The request whose response has its URLs or its result; undefined if the journal does not have it. */
  readonly start?: Call
  /** The URLs of the first response. For those of polls, see `Poll.told`. */
  readonly issued: readonly IssuedUrl[]
  /** The polls in the order in which they were sent. */
  readonly polls: readonly Poll[]
}

/** The operations in these calls, in the order of their starts. */
export function operationStories (calls: readonly Call[]): OperationStory[] {
  const ofOperations = calls.filter(call =>
    (isStart(call) || call.kind === 'poll') && operationIdOf(call) !== undefined)
  return groupBy(ofOperations, call => operationIdOf(call)!).map(group => {
    const start = group.find(isStart)
    const issued = group.flatMap(issuedBy).sort((one, other) => one.by.sequence - other.by.sequence)
    return {
      id: operationIdOf(group[0]!)!,
      start,
      issued: issued.filter(({ by }) => by === start),
      polls: group.filter(({ kind }) => kind === 'poll').map(call => pollOf(call, issued))
    }
  })
}

/** Groups polls by client, because several may poll the same operation. */
export function byClient (polls: readonly Poll[]): Poll[][] {
  const clients = [...new Set(polls.map(({ call }) => call.client))]
  return clients.map(client => polls.filter(({ call }) => call.client === client))
}

/** The poll from which the client learned how the operation ended. */
export function endingPoll (polls: readonly Poll[]): (Poll & { readonly outcome: Ending }) | undefined {
  return polls.find((poll): poll is Poll & { outcome: Ending } => ENDINGS.includes(poll.outcome))
}

function pollOf (call: Call, all: readonly IssuedUrl[]): Poll {
  const known = all.filter(({ by }) => by.sequence < call.sequence && by.answeredAt <= call.sentAt)
  const named = known.findLast(({ target }) => target === call.target)
  const kind = named?.kind ?? likelyKind(call, known)
  const told = known.findLast(issued => issued.kind === kind)
  const change = told === undefined ? undefined : changeOf(told.target, call.target)
  const outcome = outcomeOf(call, kind, change?.severity === 'error')
  return { call, kind, told, change, isOutdated: named !== undefined && change !== undefined, outcome }
}

function likelyKind (call: Call, known: readonly IssuedUrl[]): UrlKind {
  const kinds = new Set(known.map(({ kind }) => kind))
  if (kinds.size === 1) return known[0]!.kind
  return isMonitor(call) ? 'result' : 'status'
}

function outcomeOf (call: Call, kind: UrlKind, isChanged: boolean): PollOutcome {
  const { status } = call.entry
  if (status === undefined) return 'broken'
  if (status === 404 || status === 410) return isChanged ? 'refused' : 'lost'
  if (status >= 400) return isResultOfFailure(call, kind) ? 'failed' : 'refused'
  return kind === 'result' ? resultOutcome(call) : statusOutcome(call)
}

/**
 * Whether this is the error of a failed operation, which is the response at the URL of its result. The gateway refuses
 * a request for reasons of its own, for example its method.
 */
function isResultOfFailure (call: Call, kind: UrlKind): boolean {
  return kind === 'result' && !mayBeRetried(call) && ![401, 403].includes(call.entry.status!) &&
    errorCodeOf(call) !== undefined && headerOf(call.entry.response, 'x-ms-failure-cause') !== 'gateway'
}

function resultOutcome ({ entry: { status, response } }: Call): PollOutcome {
  if (status === 202) return 'inProgress'
  const isEmpty = (response.body ?? '') === ''
  return isEmpty || objectOf(response) !== undefined ? 'succeeded' : 'unclear'
}

/** Every status other than these three means in progress: see the source of R5. */
function statusOutcome ({ entry: { response } }: Call): PollOutcome {
  const status = objectOf(response)?.['status']
  if (typeof status !== 'string') return 'unclear'
  const lower = status.toLowerCase()
  return lower === 'succeeded' || lower === 'failed' || lower === 'canceled' ? lower : 'inProgress'
}
