import type { JournalEntry } from './entry.js'

/** What a poll does not say of its operation. */
export interface OperationStart {
  readonly resourceGroup?: string
  readonly vmName?: string
  readonly commandId?: string
  readonly script?: string
  readonly parameters?: Readonly<Record<string, string>>
}

/** Every request that clients sent to the emulated services, and its response; bounded, the oldest go first. */
export class Journal {
  readonly #entries: JournalEntry[] = []

  get (sequence: number): JournalEntry | undefined {
    return this.#entries.find(entry => entry.sequence === sequence)
  }

  /** What the request that started this operation was about; undefined if it is not kept. */
  startOf (_operationId: string): OperationStart | undefined {
    return undefined
  }
}
