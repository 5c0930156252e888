import { systemClock } from './core/clock.js'
import type { Setup } from './options/setup.js'
import type { Services } from './services.js'
import { version } from './version.js'

/** Opens the report of the option `report`; undefined without it. Its code is loaded on demand. */
export async function openReport ({ config: { report: file, nameOf } }: Setup, services: Services) {
  if (file === undefined) return undefined
  const { clock, conformance, evictedFindings, journal } = services
  const [{ ReportFile }, { reportOf }] =
    await Promise.all([import('./findings/report-file.js'), import('./findings/report-of.js'), conformance.load()])
  const reportFile = new ReportFile(file, nameOf('report').subject)
  return {
    /** Writes the report. Call it after everything has ended. */
    write () {
      const { value: entries } = journal.list()
      const kind = clock === systemClock ? 'system' : 'virtual'
      reportFile.write(reportOf({ entries, evicted: evictedFindings, dropped: journal.evicted, version, clock: kind }))
    }
  }
}
