import { json } from './json.js'
import { junit } from './junit.js'
import type { Report } from './report.js'
import { sarif } from './sarif.js'

/** The name of a format. */
export type Format = 'junit' | 'sarif' | 'json'

/** A format of reports. */
export interface FormatDefinition {
  /** The extension of files in this format. */
  readonly extension: string
  readonly contentType: string
  write (report: Report): string
}

/** The formats by name. */
export const formats: Readonly<Record<Format, FormatDefinition>> = {
  junit: { extension: '.xml', contentType: 'application/xml; charset=utf-8', write: junit },
  sarif: { extension: '.sarif', contentType: 'application/sarif+json; charset=utf-8', write: sarif },
  json: { extension: '.json', contentType: 'application/json; charset=utf-8', write: json }
}

/** The format for a file's extension, ignoring case; undefined for any other. */
export function formatOf (file: string): FormatDefinition | undefined {
  return Object.values(formats).find(({ extension }) => file.toLowerCase().endsWith(extension))
}
