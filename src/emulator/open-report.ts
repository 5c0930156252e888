import type { Setup } from '../options/setup.js'
import type { Services } from './services.js'

interface OpenReport {
  /** Writes the report. Call it after everything has ended. */
  write (): Promise<void>
}

/** Opens the report of the option `report`; undefined without it. Its code is loaded on demand. */
export async function openReport ({ config: { report: file, nameOf } }: Setup,
  services: Services): Promise<OpenReport | undefined> {
  if (file === undefined) return undefined
  const [{ ReportFile }, { reportOf }] =
    await Promise.all([import('../reports/report-file.js'), import('../reports/report-of.js'), services.conformance.load()])
  const reportFile = new ReportFile(file, nameOf('report').subject)
  return {
    async write () {
      reportFile.write(await reportOf(services))
    }
  }
}
