import { readFileSync } from 'node:fs'
import type { RunningEmulator } from '../emulator/emulator.js'

/** Options with which any client of @azure reaches azrun and trusts its certificate. */
export interface ClientOptions {
  readonly endpoint: string
  readonly tlsOptions: { readonly ca: string }
}

/** The options for this emulator. Reads its certificate from the file. */
export function clientOptions ({ url, caFile }: Pick<RunningEmulator, 'url' | 'caFile'>): ClientOptions {
  return { endpoint: url, tlsOptions: { ca: readFileSync(caFile, 'utf8') } }
}
