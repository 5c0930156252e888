import { formats } from '../../reports/formats.js'
import { reportOf } from '../../reports/report-of.js'
import type { Handlers, Services } from '../handler-types.js'
import { requireJournal } from '../journal-on.js'

export function reportHandlers (services: Services): Pick<Handlers, 'Reports_Get'> {
  return {
    Reports_Get: ({ query: { format = 'json' } }) => {
      requireJournal(services.journal)
      const { write, contentType } = formats[format]
      return { body: write(reportOf(services)), type: contentType }
    }
  }
}
