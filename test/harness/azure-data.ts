import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Microsoft's data that tests compare azrun with. It is not part of this project: see CONTRIBUTING.md. */
const DATA = pathToFileURL(`${resolve(process.env['AZURE_TEST_DATA'] ?? '../shared')}/`)

/** Recorded traffic of the service. */
export const RECORDINGS = new URL('recordings/', DATA)
/** The published contract. */
export const PUBLISHED = new URL('spec/', DATA)

/** The reason to skip a test if this data is missing, or false. */
export const skipRecordings = skipWithout(RECORDINGS, "Azure's recorded traffic")
export const skipPublished = skipWithout(PUBLISHED, "Azure's published contract")

function skipWithout (folder: URL, what: string): string | false {
  return !existsSync(folder) && `needs ${what}, which is not part of this project: see CONTRIBUTING.md`
}
