import { systemClock } from '../../core/clock.js'
import { reportOf } from '../../findings/report-of.js'
import { formats } from '../../reports/formats.js'
import type { Handlers, Services } from '../handler-types.js'

export function reportHandlers (services: Services): Pick<Handlers, 'Reports_Get'> {
  const { clock, evictedFindings, journal, version } = services
  return {
    Reports_Get: ({ query: { format = 'json' } }) => {
      const { write, contentType } = formats[format]
      const { value: entries } = journal.list()
      const kind = clock === systemClock ? 'system' : 'virtual'
      const report = reportOf({ entries, evicted: evictedFindings, dropped: journal.evicted, version, clock: kind })
      return { body: write(report), type: contentType }
    }
  }
}
