import type { ResultStatus } from '../executors/executor.js'

/** Azure's InstanceViewStatus. Run Command itself sets the level `Info` and no time (recorded). */
export interface Status {
  readonly code: string
  readonly level: 'Info' | 'Warning' | 'Error'
  readonly displayStatus: string
  readonly message: string
  readonly time?: string
}

/** The output of a run command's operation. */
export interface RunCommandResult {
  readonly value: readonly Status[]
}

/** Fills the gaps of an executor's statuses with those of Azure's at the same index, or of its last. */
export function completed (given: readonly ResultStatus[], azures: readonly Status[]): Status[] {
  return given.map((status, index) => {
    const base = azures[Math.min(index, azures.length - 1)]!
    const { code, level, displayStatus, message, time } = { ...base, ...status }
    return { code, level, displayStatus, message, ...time !== undefined && { time } }
  })
}
