import type { Operation } from '../core/operation.js'

const MINUTE = 60_000

/** Writes the times of operations as Azure does. Most polls are for operations of one minute: its text is made once. */
export class OperationTimes {
  #minute = NaN
  /** Such as `2020-10-12T11:06:`. */
  #text = ''

  /**
   * The members that a status begins with. Azure counts in ticks of 100 ns. A clock here knows milliseconds; the four
   * digits below are the same for both times of an operation and come from its id.
   */
  textOf (operation: Operation): string {
    const { id, startTime } = operation
    const ticks = `${10_000 + parseInt(id.slice(-4), 16) % 10_000}`.slice(1)
    const start = this.#timeText(startTime, ticks)
    if (operation.status === 'InProgress') return `"startTime": "${start}"`
    // An operation that starts completed ends when it starts.
    const end = operation.endTime === startTime ? start : this.#timeText(operation.endTime, ticks)
    return `"startTime": "${start}",\r\n  "endTime": "${end}"`
  }

  /** Up to seven digits below the second, without the zeros at the end (recorded: `.944227+00:00`). */
  #timeText (ms: number, ticks: string): string {
    const minute = Math.floor(ms / MINUTE)
    if (minute !== this.#minute) {
      this.#minute = minute
      this.#text = new Date(minute * MINUTE).toISOString().slice(0, -7)
    }
    const rest = `${100_000 + ms - minute * MINUTE}`
    const text = `${this.#text}${rest.slice(1, 3)}.${rest.slice(3)}${ticks}`
    return `${text.endsWith('0') ? text.replace(/\.?0+$/, '') : text}+00:00`
  }
}
