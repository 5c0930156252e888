import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { OperatingSystem } from '../resources/virtual-machines.js'

/** A built-in run command, with its members in Azure's order. */
export interface RunCommandDocument {
  readonly script: readonly string[]
  readonly parameters?: readonly { readonly name: string, readonly type: string, readonly required?: boolean }[]
  readonly $schema: string
  readonly id: string
  readonly osType: OperatingSystem
  readonly label: string
  readonly description: string
}

/** The built-in run commands, in Azure's order. */
export class RunCommandDocuments {
  readonly #documents: readonly RunCommandDocument[]
  readonly #byId: ReadonlyMap<string, RunCommandDocument>

  constructor () {
    const file = join(import.meta.dirname, '../../fixtures/documents.json')
    const { documents } = JSON.parse(readFileSync(file, 'utf8')) as { documents: StoredDocument[] }
    this.#documents = documents.map(({ scriptSource, ...document }) => document)
    this.#byId = new Map(this.#documents.map(document => [document.id.toLowerCase(), document]))
  }

  list (): readonly RunCommandDocument[] {
    return this.#documents
  }

  /** The document with this id. Case is ignored (inferred: Azure ignores it in all names). */
  find (commandId: string): RunCommandDocument | undefined {
    return this.#byId.get(commandId.toLowerCase())
  }
}

/** `scriptSource`: whether the script was captured from Azure (`recorded`) or written for azrun (`azrun`). */
type StoredDocument = RunCommandDocument & { readonly scriptSource: 'recorded' | 'azrun' }
