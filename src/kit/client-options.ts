import { readFileSync } from 'node:fs'
import type { RunningEmulator } from '../emulator.js'

/** Options with which any client of @azure reaches azrun and trusts its certificate. */
export interface ClientOptions {
  readonly endpoint: string
  readonly tlsOptions: { readonly ca: string }
}

export function clientOptions ({ url, caFile }: Pick<RunningEmulator, 'url' | 'caFile'>): ClientOptions {
  return { endpoint: url, tlsOptions: { ca: readFileSync(caFile, 'utf8') } }
}
