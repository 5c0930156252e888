import { UsageError } from '../../core/usage-error.js'
import { lackText, NotVerified } from '../../journal/failures.js'
import { harOf } from '../../journal/har.js'
import type { Journal } from '../../journal/journal.js'
import type { JournalFilter } from '../../journal/query.js'
import { AdminError } from '../errors.js'
import { untilGone } from '../going-away.js'
import type { AdminRequest, AdminResponse, Handlers, Services } from '../handler-types.js'
import { longList } from '../long-list.js'
import { refuse } from '../refusal.js'
import { requireJournal } from '../require-journal.js'

type RequestHandlers = Pick<Handlers,
  'Requests_List' | 'Requests_Clear' | 'Requests_Get' | 'Requests_ExportHar' | 'Requests_Verify'>

type Needs = Pick<Services, 'checkScenarios' | 'journal' | 'version'>

/** Seconds to wait for requests by default. */
const DEFAULT_WAIT = 10

/** Lets tests list, await, verify and export the requests of clients. */
export function requestHandlers ({ checkScenarios, journal, version }: Needs): RequestHandlers {
  return {
    Requests_List: async request => {
      requireJournal(journal)
      const { query: { count, wait, ...filter } } = request
      await checkFilter(filter)
      if (count === undefined && wait !== undefined) {
        throw new AdminError(400, "'wait' needs 'count', the number of requests to wait for", { target: 'wait' })
      }
      return count === undefined ? page(journal, filter) : await waitFor(journal, request)
    },
    Requests_Clear: () => {
      journal.clear()
      return {}
    },
    Requests_Get: ({ params: { sequence } }) => {
      requireJournal(journal)
      const body = journal.get(Number(sequence))
      if (body === undefined) throw new AdminError(404, missing(journal, Number(sequence)), { target: 'sequence' })
      return { body }
    },
    Requests_ExportHar: async ({ query }) => {
      requireJournal(journal)
      await checkFilter(query)
      return longList(harOf(journal.search(query).steps(), { version, evicted: () => journal.evicted }))
    },
    Requests_Verify: async request => {
      requireJournal(journal)
      const { operationMistakes } = await checkScenarios()
      refuse(request.body.expectations.flatMap(({ match: { operation } }, index) =>
        operationMistakes(operation, ['expectations', index, 'match', 'operation'])))
      return await verify(journal, request)
    }
  }

  async function checkFilter ({ operation }: { readonly operation?: string }): Promise<void> {
    const { operationMistakes } = await checkScenarios()
    refuse(operationMistakes(operation, ['operation']))
  }
}

/** The counts come last, as they are when the last entry has been written. */
function page (journal: Journal, filter: JournalFilter): AdminResponse {
  const listing = journal.search(filter)
  return longList({ value: listing.steps(), total: () => listing.total, evicted: () => journal.evicted })
}

async function waitFor (journal: Journal, { query, raw }: AdminRequest<'Requests_List'>): Promise<AdminResponse> {
  const { count, wait = DEFAULT_WAIT, ...filter } = query
  const lack = await untilGone(raw, signal => journal.untilFound(filter, { count, timeout: wait * 1000, signal }))
  if (lack === undefined) return page(journal, filter)
  const { nearest, evicted } = lack
  const error = { code: 'RequestTimeout', message: lackText(lack) }
  return { ...longList({ error, found: journal.search(filter).steps(), nearest, evicted }), status: 408 }
}

async function verify (journal: Journal, { body, raw }: AdminRequest<'Requests_Verify'>): Promise<AdminResponse> {
  const { expectations, inOrder, wait = 0 } = body
  try {
    const options = { inOrder, timeout: wait * 1000 }
    const verified = await untilGone(raw, signal => journal.verify(expectations, { ...options, signal }))
    return { body: { verified, ...journal.evicted > 0 && { evicted: journal.evicted } } }
  } catch (error) {
    if (error instanceof UsageError) throw new AdminError(400, error.message, { target: targetOf(error) })
    if (!(error instanceof NotVerified)) throw error
    const { failures, evicted } = error
    return { status: 409, body: { failures, ...evicted > 0 && { evicted } } }
  }
}

/** The field in quotes at the beginning of a message. */
function targetOf ({ message }: UsageError): string {
  return /^'([^']+)'/.exec(message)?.[1] ?? 'expectations'
}

function missing (journal: Journal, sequence: number): string {
  if (sequence >= journal.next) return `there is no entry ${sequence} yet: the last one is ${journal.next - 1}`
  if (journal.evicted === 0) return `entry ${sequence} was deleted`
  return `entry ${sequence} is not kept: it was deleted, or is one of the ${journal.evicted} oldest, which the journal has ` +
    'dropped; keep more with --journal ENTRIES'
}
