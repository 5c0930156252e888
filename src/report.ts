import { systemClock } from './core/clock.js'
import type { Setup } from './options/setup.js'
import type { Services } from './services.js'
import { version } from './version.js'

/** The report of the option `report`; undefined without it. Its code is loaded only then. */
export async function openReport ({ config: { report: file, nameOf } }: Setup, services: Services) {
  if (file === undefined) return undefined
  const { clock, conformance, evictedFindings, journal } = services
  const [{ ReportFile }, { reportOf }] =
    await Promise.all([import('./findings/report-file.js'), import('./findings/report-of.js'), conformance.load()])
  const reportFile = new ReportFile(file, nameOf('report').subject)
  return {
    /** Once nothing happens any more. */
    write () {
      const { value: entries } = journal.list()
      const kind = clock === systemClock ? 'system' : 'virtual'
      reportFile.write(reportOf({ entries, evicted: evictedFindings, dropped: journal.evicted, version, clock: kind }))
    }
  }
}
