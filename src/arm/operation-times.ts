import type { Operation } from '../core/operations.js'

/**
 * Writes the times of operations. Azure counts in ticks of 100 ns; below the millisecond, which is all that a clock
 * here knows, the times of an operation share four digits that its id gives. Times of one second share their text.
 */
export class OperationTimes {
  #second = NaN
  #text = ''

  /** The members that a status begins with. */
  of (operation: Operation): string {
    const ticks = `${10_000 + parseInt(operation.id.slice(0, 6), 16) % 10_000}`
    const start = `"startTime": "${this.#time(operation.startTime, ticks)}"`
    return operation.status === 'InProgress'
      ? start
      : `${start},\r\n  "endTime": "${this.#time(operation.endTime, ticks)}"`
  }

  /** Up to seven digits below the second, without the zeros at the end (recorded: `.944227+00:00`). */
  #time (date: Date, ticks: string): string {
    const ms = date.getTime()
    const second = Math.floor(ms / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#text = date.toISOString().slice(0, 19)
    }
    const digits = `${1000 + ms - second * 1000}${ticks.slice(1)}`.slice(1)
    return `${this.#text}${digits.endsWith('0') ? `.${digits}`.replace(/\.?0+$/, '') : `.${digits}`}+00:00`
  }
}
