import { Arena } from './arena.js'
import { Columns, type Unusual } from './columns.js'
import type { Facts, KeptRequest, Texts } from './kept-request.js'

/** The most requests in a segment. */
const ROWS = 256

/** Longer texts, in characters, have their own arena, so that little space is lost at the end of the shared one. */
const LONG = 32 * 1024

/** Consecutive requests, in rows from the first one. Those that are gone leave their rows empty. */
export class Segment {
  /** The sequence number of the first row. */
  readonly first: number
  readonly #columns: Columns
  /** By row. */
  readonly #unusual = new Map<number, Unusual>()
  readonly #usual: Unusual
  #rows = 0
  #kept = 0
  #oldest = 0

  /** The columns must be cleared. Default: new ones, of the usual length. */
  constructor (first: number, columns = new Columns(ROWS)) {
    this.first = first
    this.#columns = columns
    const { arena } = columns
    this.#usual = { deserialized: undefined, leniencies: undefined, scenarios: undefined, polled: undefined, arena }
  }

  /** Whether all its requests are gone. */
  get isEmpty (): boolean {
    return this.#kept === 0
  }

  /** Whether requests are gone, and those that are left need less than half of the shared arena. */
  get isSparse (): boolean {
    return this.#kept < this.#rows && this.#bytesOf(this.#oldest, this.#rows) < this.#columns.arena.size / 2
  }

  /** The sequence number of the oldest kept request. */
  get oldest (): number {
    return this.first + this.#oldest
  }

  /** The sequence number of the last added request. */
  get newest (): number {
    return this.first + this.#rows - 1
  }

  /**
   * Adds a request and returns its size in bytes. Returns undefined, and adds nothing, if its number is not the next
   * one or there is no room for its texts.
   */
  add (sequence: number, eventId: number, facts: Facts, texts: Texts): number | undefined {
    const row = this.#rows
    if (sequence !== this.first + row || row === ROWS) return undefined
    const length = texts.url.length + texts.head.length + texts.body.length + texts.response.length
    let { arena } = this.#columns
    if (length <= LONG && length > arena.free) return undefined
    const { deserialized, leniencies, scenarios, polled } = facts
    if (length > LONG || (leniencies ?? scenarios ?? polled) !== undefined) {
      if (length > LONG) arena = new Arena(length)
      this.#unusual.set(row, { deserialized, leniencies, scenarios, polled, arena })
    }
    this.#rows++
    this.#kept++
    return this.#columns.write(row, eventId, facts, texts, arena)
  }

  /** The request with this number, if it is kept here. */
  get (sequence: number): KeptRequest | undefined {
    const row = this.#rowOf(sequence)
    return row === undefined ? undefined : this.#columns.read(row, sequence, this.#unusual.get(row) ?? this.#usual)
  }

  /** The first kept request after this sequence number. */
  next (sequence: number): KeptRequest | undefined {
    for (let row = Math.max(this.#oldest, sequence + 1 - this.first); row < this.#rows; row++) {
      if (this.#columns.isKept(row)) return this.get(this.first + row)
    }
    return undefined
  }

  /** The sequence number of the request that started this operation. */
  startOf (operationId: string): number | undefined {
    for (let row = this.#rows - 1; row >= this.#oldest; row--) {
      if (this.#columns.runOf(row)?.operationId === operationId) return this.first + row
    }
    return undefined
  }

  /** Adds the size of an ended script's output to that of its request. Returns it; 0 if the request is not here. */
  addOutput (sequence: number): number {
    const row = this.#rowOf(sequence)
    return row === undefined ? 0 : this.#columns.addOutput(row)
  }

  /** Removes a kept request with its script, since others may keep the segment for long. Returns its size in bytes. */
  remove (sequence: number): number {
    this.#columns.forgetRun(sequence - this.first)
    return this.drop(sequence)
  }

  /** Removes the oldest request, but keeps its script until `release`. Returns its size in bytes. */
  drop (sequence: number): number {
    const row = sequence - this.first
    const size = this.#columns.drop(row)
    if (this.#unusual.size > 0) this.#unusual.delete(row)
    this.#kept--
    while (this.#oldest < this.#rows && !this.#columns.isKept(this.#oldest)) this.#oldest++
    return size
  }

  /** The kept requests in segments without gaps, each in columns with no room for more. */
  packed (): Segment[] {
    const segments: Segment[] = []
    for (let row = this.#oldest; row < this.#rows; row++) {
      if (!this.#columns.isKept(row)) continue
      const from = row
      while (row < this.#rows && this.#columns.isKept(row)) row++
      segments.push(this.#copy(from, row))
    }
    return segments
  }

  /** Removes all requests. Returns the columns for another segment, if they have the usual length. */
  release (): Columns | undefined {
    this.#rows = 0
    this.#columns.clear()
    return this.#columns.length === ROWS ? this.#columns : undefined
  }

  /** Copies the rows, all of them kept, to a segment of their own. */
  #copy (from: number, to: number): Segment {
    const copy = new Segment(this.first + from, new Columns(to - from, new Arena(this.#bytesOf(from, to))))
    for (let row = from; row < to; row++) {
      const request = this.get(this.first + row)!
      const { arena } = this.#unusual.get(row) ?? this.#usual
      copy.add(request.sequence, request.eventId, request, this.#columns.textsOf(row, arena))
    }
    return copy
  }

  /** The bytes that the kept rows among these have in the shared arena. */
  #bytesOf (from: number, to: number): number {
    let bytes = 0
    for (let row = from; row < to; row++) {
      const length = this.#columns.bytesOf(row)
      if (this.#columns.isKept(row) && length <= LONG) bytes += length
    }
    return bytes
  }

  #rowOf (sequence: number): number | undefined {
    const row = sequence - this.first
    return row >= 0 && row < this.#rows && this.#columns.isKept(row) ? row : undefined
  }
}
