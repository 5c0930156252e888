import type { Operation } from '../../operations/operation.js'

const MINUTE = 60_000

/** Writes the times of operations as Azure does. It caches the text of a minute, which most operations share. */
export class OperationTimes {
  #minute = NaN
  /** Such as `2020-10-12T11:06:`. */
  #text = ''

  /**
   * The first members of a status. Azure's times have ticks of 100 ns, while the clock here has milliseconds. The other
   * four digits come from the operation's id, and are the same for both times.
   */
  textOf (operation: Operation): string {
    const { id, startTime } = operation
    const ticks = `${10_000 + parseInt(id.slice(-4), 16) % 10_000}`.slice(1)
    const start = this.#timeText(startTime, ticks)
    if (operation.status === 'InProgress') return `"startTime": "${start}"`
    // An operation that is completed at once ends when it starts.
    const end = operation.endTime === startTime ? start : this.#timeText(operation.endTime, ticks)
    return `"startTime": "${start}",\r\n  "endTime": "${end}"`
  }

  /** Up to seven digits below the second, without trailing zeros (recorded: `.944227+00:00`). */
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
