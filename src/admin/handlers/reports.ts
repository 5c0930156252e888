import { systemClock } from '../../core/clock.js'
import { reportOf } from '../../findings/report-of.js'
import { NONE_KEPT } from '../../journal/journal.js'
import { formats } from '../../reports/formats.js'
import { AdminError } from '../errors.js'
import type { Handlers, Services } from '../handler-types.js'

export function reportHandlers (services: Services): Pick<Handlers, 'Reports_Get'> {
  const { clock, evictedFindings, journal, version } = services
  return {
    Reports_Get: ({ query: { format = 'json' } }) => {
      // Without requests, a report would look like one without findings.
      if (!journal.isOn) throw new AdminError(400, NONE_KEPT)
      const { write, contentType } = formats[format]
      const { value: entries } = journal.list()
      const kind = clock === systemClock ? 'system' : 'virtual'
      const report = reportOf({ entries, evicted: evictedFindings, dropped: journal.evicted, version, clock: kind })
      return { body: write(report), type: contentType }
    }
  }
}
