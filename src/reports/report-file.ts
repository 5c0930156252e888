import { accessSync, constants, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { UsageError } from '../core/usage-error.js'
import { refusePipeOrDevice } from '../files/pipe-or-device.js'
import { whyUnwritable } from '../files/why-unwritable.js'
import { writeFileAtomic } from '../files/write-atomic.js'
import { formatOf } from './formats.js'
import type { Report } from './report.js'

/** The file of the option `report`. */
export class ReportFile {
  readonly #path: string
  readonly #option: string

  /**
   * Throws a `UsageError` if the path is no file, or its directory is not writable: better now than after the run.
   * `option` is what the user calls the option.
   */
  constructor (path: string, option: string) {
    this.#path = path
    this.#option = option
    this.#try(UsageError, () => {
      accessSync(dirname(path), constants.W_OK)
      const isDirectory = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
      refusePipeOrDevice(path)
      if (isDirectory) throw Object.assign(new Error('it is a directory'), { code: 'EISDIR' })
    })
  }

  /** Writes a report in the format of the file's extension, which must have one. Throws if it cannot. */
  write (report: Report): void {
    this.#try(Error, () => writeFileAtomic(this.#path, formatOf(this.#path)!.write(report)))
  }

  #try (Failure: new (message: string) => Error, act: () => void): void {
    try {
      act()
    } catch (error) {
      throw new Failure(`${this.#option} ${this.#path} ${whyUnwritable(error)}`)
    }
  }
}
