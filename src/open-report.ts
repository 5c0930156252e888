import type { Setup } from './options/setup.js'
import type { Services } from './services.js'

/** Opens the report of the option `report`; undefined without it. Its code is loaded on demand. */
export async function openReport ({ config: { report: file, nameOf } }: Setup, services: Services) {
  if (file === undefined) return undefined
  const [{ ReportFile }, { reportOf }] =
    await Promise.all([import('./reports/report-file.js'), import('./reports/report-of.js'), services.conformance.load()])
  const reportFile = new ReportFile(file, nameOf('report').subject)
  return {
    /** Writes the report. Call it after everything has ended. */
    async write () {
      reportFile.write(await reportOf(services))
    }
  }
}
