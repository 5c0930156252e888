import type { ScriptRun } from '../operations/script-run.js'
import { Arena } from './arena.js'
import type { Facts, KeptRequest, Texts } from './kept-request.js'

/** The most requests in a segment. */
const ROWS = 256

/** Longer texts, in characters, have their own arena, so that little space is lost at the end of the shared one. */
const LONG = 32 * 1024

/** The columns of numbers. */
const [EVENT, TIME, DURATION, STATUS, START, HEAD_END, BODY_END, END, FLAGS, SIZE] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]

/** The number of columns. */
const COLUMNS = 10

const [KEPT, HAS_BODY, IS_CUT] = [1, 2, 4]

/** The storage of a segment, which another can reuse. None of its arrays grows with the requests. */
export class Storage {
  readonly numbers: Float64Array
  readonly operations: (string | undefined)[]
  readonly runs: (ScriptRun | undefined)[]
  readonly arena: Arena

  /** Default: storage for a segment of usual size. */
  constructor (rows = ROWS, arena = new Arena()) {
    this.numbers = new Float64Array(rows * COLUMNS)
    this.operations = new Array<string | undefined>(rows).fill(undefined)
    this.runs = new Array<ScriptRun | undefined>(rows).fill(undefined)
    this.arena = arena
  }
}

/** Facts that few requests have. */
interface Unusual extends Pick<Facts, 'deserialized' | 'leniencies' | 'scenarios' | 'polled'> {
  /** The arena of its texts. */
  readonly arena: Arena
}

/**
 * Consecutive requests, stored in columns. With an object for each request, the garbage collector would move it twice
 * and visit it again and again, which costs more than recording it.
 */
export class Segment {
  /** The sequence number of the first row. */
  readonly first: number
  readonly #storage: Storage
  /** By row. */
  readonly #unusual = new Map<number, Unusual>()
  readonly #usual: Unusual
  #rows = 0
  #kept = 0
  #oldest = 0

  constructor (first: number, storage = new Storage()) {
    this.first = first
    this.#storage = storage
    const { arena } = storage
    this.#usual = { deserialized: undefined, leniencies: undefined, scenarios: undefined, polled: undefined, arena }
  }

  /** Whether all its requests are gone. */
  get isEmpty (): boolean {
    return this.#kept === 0
  }

  /** Whether requests are gone, and those that are left need less than half of the shared arena. */
  get isSparse (): boolean {
    return this.#kept < this.#rows && this.#bytesOf(this.#oldest, this.#rows) < this.#storage.arena.size / 2
  }

  /** The sequence number of the oldest kept request. */
  get oldest (): number {
    return this.first + this.#oldest
  }

  /** The sequence number of the last added request. */
  get newest (): number {
    return this.first + this.#rows - 1
  }

  /** Whether this number is the next one and there is room for the texts. */
  canAdd (sequence: number, texts: Texts): boolean {
    if (sequence !== this.first + this.#rows || this.#rows === ROWS) return false
    const length = lengthOf(texts)
    return length > LONG || length <= this.#storage.arena.free
  }

  /** Adds the next request in sequence. Returns its size in bytes. */
  add (eventId: number, facts: Facts, texts: Texts): number {
    const { deserialized, leniencies, scenarios, polled, run } = facts
    const row = this.#rows++
    const length = lengthOf(texts)
    let { arena } = this.#storage
    if (length > LONG || (leniencies ?? scenarios ?? polled) !== undefined) {
      if (length > LONG) arena = new Arena(length)
      this.#unusual.set(row, { deserialized, leniencies, scenarios, polled, arena })
    }
    const { numbers, operations, runs } = this.#storage
    const at = row * COLUMNS
    const size = length + outputSize(run)
    numbers[at + EVENT] = eventId
    numbers[at + TIME] = facts.time
    numbers[at + DURATION] = facts.durationMs
    numbers[at + STATUS] = facts.status ?? 0
    numbers[at + START] = arena.used
    arena.add(texts.url)
    numbers[at + HEAD_END] = arena.add(texts.head)
    numbers[at + BODY_END] = arena.add(texts.body)
    numbers[at + END] = arena.add(texts.response)
    numbers[at + FLAGS] = KEPT | (facts.hasBody ? HAS_BODY : 0) | (facts.isCut ? IS_CUT : 0)
    numbers[at + SIZE] = size
    operations[row] = facts.operation
    runs[row] = run
    this.#kept++
    return size
  }

  /** The request with this number, if it is kept here. */
  get (sequence: number): KeptRequest | undefined {
    const row = this.#rowOf(sequence)
    if (row === undefined) return undefined
    const number = (column: number) => this.#storage.numbers[row * COLUMNS + column]!
    const flags = number(FLAGS)
    const { arena, ...unusual } = this.#unusual.get(row) ?? this.#usual
    return {
      sequence,
      eventId: number(EVENT),
      time: number(TIME),
      durationMs: number(DURATION),
      operation: this.#storage.operations[row],
      hasBody: (flags & HAS_BODY) !== 0,
      ...unusual,
      run: this.#storage.runs[row],
      status: number(STATUS) || undefined,
      isCut: (flags & IS_CUT) !== 0,
      head: () => arena.read(number(START), number(HEAD_END), 'latin1'),
      body: () => arena.read(number(HEAD_END), number(BODY_END), 'utf8'),
      response: () => arena.read(number(BODY_END), number(END), 'latin1')
    }
  }

  /** The first kept request after this sequence number. */
  next (sequence: number): KeptRequest | undefined {
    for (let row = Math.max(this.#oldest, sequence + 1 - this.first); row < this.#rows; row++) {
      if (this.#isKept(row)) return this.get(this.first + row)
    }
    return undefined
  }

  /** The sequence number of the request that started this operation. */
  startOf (operationId: string): number | undefined {
    const { runs } = this.#storage
    for (let row = this.#rows - 1; row >= this.#oldest; row--) {
      if (runs[row]?.operationId === operationId) return this.first + row
    }
    return undefined
  }

  /** Adds the size of an ended script's output to that of its request. Returns it; 0 if the request is not here. */
  addOutput (sequence: number): number {
    const row = this.#rowOf(sequence)
    if (row === undefined) return 0
    const { numbers, runs } = this.#storage
    const size = outputSize(runs[row])
    numbers[row * COLUMNS + SIZE]! += size
    return size
  }

  /** Removes a kept request with its script, since others may keep the segment for long. Returns its size in bytes. */
  remove (sequence: number): number {
    this.#storage.runs[sequence - this.first] = undefined
    return this.drop(sequence)
  }

  /**
   * Removes the oldest request. Returns its size in bytes. Its script stays until `release`: to visit it would cost,
   * since a processor's caches no longer have the oldest request.
   */
  drop (sequence: number): number {
    const row = sequence - this.first
    const { numbers } = this.#storage
    const at = row * COLUMNS
    const size = numbers[at + SIZE]!
    numbers[at + FLAGS] = 0
    if (this.#unusual.size > 0) this.#unusual.delete(row)
    this.#kept--
    while (this.#oldest < this.#rows && !this.#isKept(this.#oldest)) this.#oldest++
    return size
  }

  /** The kept requests in segments without gaps, each in storage with no room for more. */
  packed (): Segment[] {
    const segments: Segment[] = []
    for (let row = this.#oldest; row < this.#rows; row++) {
      if (!this.#isKept(row)) continue
      const from = row
      while (row < this.#rows && this.#isKept(row)) row++
      segments.push(this.#copy(from, row))
    }
    return segments
  }

  /** Removes all requests. Returns the storage, if it is of usual size. */
  release (): Storage | undefined {
    this.#rows = 0
    this.#storage.arena.clear()
    this.#storage.runs.fill(undefined)
    return this.#storage.runs.length === ROWS ? this.#storage : undefined
  }

  /** Copies the rows, all of them kept, to a segment of their own. */
  #copy (from: number, to: number): Segment {
    const copy = new Segment(this.first + from, new Storage(to - from, new Arena(this.#bytesOf(from, to))))
    for (let row = from; row < to; row++) {
      const request = this.get(this.first + row)!
      copy.add(request.eventId, request, { url: '', ...this.#textsOf(row) })
    }
    return copy
  }

  #textsOf (row: number): Omit<Texts, 'url'> {
    const { numbers, arena: shared } = this.#storage
    const arena = this.#unusual.get(row)?.arena ?? shared
    const [start, headEnd, bodyEnd, end] = numbers.subarray(row * COLUMNS + START, row * COLUMNS + END + 1)
    const read = (from: number, to: number) => arena.read(from, to, 'latin1')
    return { head: read(start!, headEnd!), body: read(headEnd!, bodyEnd!), response: read(bodyEnd!, end!) }
  }

  /** The bytes that the kept rows among these have in the shared arena. */
  #bytesOf (from: number, to: number): number {
    const { numbers } = this.#storage
    let bytes = 0
    for (let row = from; row < to; row++) {
      const length = numbers[row * COLUMNS + END]! - numbers[row * COLUMNS + START]!
      if (this.#isKept(row) && length <= LONG) bytes += length
    }
    return bytes
  }

  #rowOf (sequence: number): number | undefined {
    const row = sequence - this.first
    return row >= 0 && row < this.#rows && this.#isKept(row) ? row : undefined
  }

  #isKept (row: number): boolean {
    return this.#storage.numbers[row * COLUMNS + FLAGS] !== 0
  }
}

function lengthOf ({ url, head, body, response }: Texts): number {
  return url.length + head.length + body.length + response.length
}

function outputSize (run: ScriptRun | undefined): number {
  const output = run?.output
  return output === undefined ? 0 : output.stdout.length + output.stderr.length
}
