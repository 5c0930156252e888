import type { Operation } from '../core/operation.js'

/**
 * Writes the times of operations. Azure counts in ticks of 100 ns; below the millisecond, which is all that a clock
 * here knows, the times of an operation share four digits that its id gives. Times of one minute share their text.
 */
export class OperationTimes {
  #minute = NaN
  #text = ''

  /** The members that a status begins with. */
  of (operation: Operation): string {
    const ticks = ticksOf(operation.id)
    const start = this.#time(operation.startTime, ticks)
    if (operation.status === 'InProgress') return `"startTime": "${start}"`
    // An operation whose output was known is over when it begins.
    const isOver = operation.endTime.getTime() === operation.startTime.getTime()
    return `"startTime": "${start}",\r\n  "endTime": "${isOver ? start : this.#time(operation.endTime, ticks)}"`
  }

  /** Up to seven digits below the second, without the zeros at the end (recorded: `.944227+00:00`). */
  #time (date: Date, ticks: number): string {
    const ms = date.getTime()
    const minute = Math.floor(ms / 60_000)
    if (minute !== this.#minute) {
      this.#minute = minute
      this.#text = date.toISOString().slice(0, 17)
    }
    // Both behind a one, which keeps their zeros.
    const digits = `${1_000_000_000 + (ms - minute * 60_000) * 10_000 + ticks}`
    const below = digits.slice(3)
    return `${this.#text}${digits.slice(1, 3)}${below.endsWith('0') ? `.${below}`.replace(/\.?0+$/, '') : `.${below}`}+00:00`
  }
}

/** From 0 to 9999. */
function ticksOf (id: string): number {
  let ticks = 0
  for (let index = 0; index < id.length; index++) ticks = (ticks * 31 + id.charCodeAt(index)) % 10_000
  return ticks
}
