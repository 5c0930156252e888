import { readFileSync, rmSync } from 'node:fs'
import { UsageError } from '../core/usage-error.js'
import type { RunningEmulator } from '../emulator/emulator.js'
import { refusePipeOrDevice } from '../files/pipe-or-device.js'
import { whyUnwritable } from '../files/why-unwritable.js'
import { writeFileAtomic } from '../files/write-atomic.js'
import type { OptionName } from '../options/names.js'
import { isRunning, statOf } from '../processes/proc.js'
import { version } from '../version.js'

/** The file of --ready-file, which has the addresses of a running azrun. `findRunning` reads it. */
export class ReadyFile {
  readonly #path: string
  /** What the user calls the option and, after that, the file. */
  readonly #subject: string

  constructor (path: string, option: OptionName) {
    this.#path = path
    this.#subject = `${option.subject} ${path}`
  }

  /**
   * Removes the file that a killed azrun may have left. Throws if another azrun uses it, and a `UsageError` if the path
   * is no file or cannot be written.
   */
  claim (): void {
    this.#try(() => refusePipeOrDevice(this.#path))
    this.#refuseIfTaken()
    this.remove()
  }

  /** Writes the file. Throws as `claim` does, because another azrun may have started meanwhile. */
  write ({ url, httpUrl, port, caFile, adminToken }: RunningEmulator): void {
    const { pid } = process
    this.#refuseIfTaken()
    const facts = { url, httpUrl, port, pid, startTime: statOf(pid)?.startTime, caFile, version, adminToken }
    // A token makes the file a secret.
    const mode = adminToken === undefined ? undefined : 0o600
    this.#try(() => writeFileAtomic(this.#path, `${JSON.stringify(facts)}\n`, { mode }))
  }

  remove (): void {
    this.#try(() => rmSync(this.#path, { force: true }))
  }

  #refuseIfTaken (): void {
    const { pid, startTime } = writerOf(this.#path)
    if (pid === undefined || pid === process.pid || !isRunning(pid, startTime)) return
    throw new Error(`${this.#subject} belongs to another azrun, which is running with pid ${pid}: ` +
      'stop that one, or choose another file')
  }

  #try (act: () => void): void {
    try {
      act()
    } catch (error) {
      throw new UsageError(`${this.#subject} ${whyUnwritable(error)}`)
    }
  }
}

/** The process that wrote a ready file; empty if the file is missing or is no ready file. */
function writerOf (file: string): { readonly pid?: number, readonly startTime?: number } {
  try {
    const { pid, startTime } = JSON.parse(readFileSync(file, 'utf8'))
    return Number.isInteger(pid) && pid > 0 ? { pid, startTime } : {}
  } catch {
    return {}
  }
}
