import { NONE_KEPT } from '../../journal/journal.js'
import { formats } from '../../reports/formats.js'
import { reportOf } from '../../reports/report-of.js'
import { AdminError } from '../errors.js'
import type { Handlers, Services } from '../handler-types.js'

export function reportHandlers (services: Services): Pick<Handlers, 'Reports_Get'> {
  return {
    Reports_Get: ({ query: { format = 'json' } }) => {
      // Without requests, a report would look like one without findings.
      if (!services.journal.isOn) throw new AdminError(400, NONE_KEPT)
      const { write, contentType } = formats[format]
      return { body: write(reportOf(services)), type: contentType }
    }
  }
}
