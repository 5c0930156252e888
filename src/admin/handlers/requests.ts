import { AdminError } from '../errors.js'
import type { Handlers, Services } from '../handler-types.js'

type RequestHandlers = Pick<Handlers,
  'Requests_List' | 'Requests_Clear' | 'Requests_Get' | 'Requests_ExportHar' | 'Requests_Verify'>

export function requestHandlers ({ journal }: Pick<Services, 'journal'>): RequestHandlers {
  const notBuilt = () => { throw new AdminError(501, 'not built') }
  return {
    Requests_List: ({ query }) => ({ body: journal.list(query) }),
    Requests_Clear: () => {
      journal.clear()
      return {}
    },
    Requests_Get: ({ params: { sequence } }) => {
      const body = journal.get(Number(sequence))
      if (body === undefined) throw new AdminError(404, `the journal has no entry ${sequence}`, { target: 'sequence' })
      return { body }
    },
    Requests_ExportHar: notBuilt,
    Requests_Verify: notBuilt
  }
}
