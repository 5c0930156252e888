import { formats, type Format } from '../../reports/formats.js'
import { reportOf } from '../../reports/report-of.js'
import type { Handlers, Services } from '../handler-types.js'
import { requireJournal } from '../require-journal.js'
import { SharedWork } from '../shared-work.js'

/** Reports what clients did wrong so far. */
export function reportHandlers (services: Services): Pick<Handlers, 'Reports_Get'> {
  const written = new Map(Object.entries(formats).map(([format, { write }]) =>
    [format as Format, new SharedWork(async () => write(await reportOf(services)))]))
  return {
    Reports_Get: async ({ query: { format = 'json' } }) => {
      requireJournal(services.journal)
      return { body: await written.get(format)!.get(), type: formats[format].contentType }
    }
  }
}
