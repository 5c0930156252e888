import { Arena } from './arena.js'
import type { Facts, KeptRequest, StartedRun, Texts } from './kept-request.js'

/** How many requests a segment holds, if its arena has room for their texts. */
const ROWS = 256

/** Longer texts have an arena of their own, so that little is left over at the end of one. In characters. */
const LONG = 32 * 1024

/** The columns of numbers. */
const [EVENT, TIME, DURATION, STATUS, START, HEAD_END, BODY_END, END, FLAGS, COLUMNS] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]

const [KEPT, HAS_BODY, IS_CUT] = [1, 2, 4]

/** What a segment leaves behind for the next one. */
export interface Storage {
  readonly numbers: Float64Array
  readonly arena: Arena
}

/** What few requests have. */
interface Unusual extends Pick<Facts, 'deserialized' | 'leniencies' | 'scenarios' | 'polled'> {
  /** Of its texts. */
  readonly arena: Arena
}

/**
 * Some requests that came one after the other, in columns: the garbage collector would move an object for each of them
 * twice and look at it again and again, which costs more than to record it.
 */
export class Segment {
  /** The sequence number of its first row. */
  readonly first: number
  readonly #storage: Storage
  readonly #operations: (string | undefined)[] = []
  readonly #runs: (StartedRun | undefined)[] = []
  /** By row. */
  readonly #unusual = new Map<number, Unusual>()
  readonly #usual: Unusual
  #rows = 0
  #kept = 0
  #oldest = 0

  constructor (first: number, storage?: Storage) {
    this.first = first
    this.#storage = storage ?? { numbers: new Float64Array(ROWS * COLUMNS), arena: new Arena() }
    const { arena } = this.#storage
    this.#usual = { deserialized: undefined, leniencies: undefined, scenarios: undefined, polled: undefined, arena }
  }

  /** Whether nothing is kept in it any more. */
  get isEmpty (): boolean {
    return this.#kept === 0
  }

  /** The sequence number of the oldest request that is kept. */
  get oldest (): number {
    return this.first + this.#oldest
  }

  /** Whether the request with this number comes next, and there is room for its texts. */
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
    const { numbers } = this.#storage
    const at = row * COLUMNS
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
    this.#operations.push(facts.operation)
    this.#runs.push(run)
    this.#kept++
    return length + outputSize(run)
  }

  /** Undefined if it is not kept here. */
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
      operation: this.#operations[row],
      hasBody: (flags & HAS_BODY) !== 0,
      ...unusual,
      run: this.#runs[row],
      status: number(STATUS) || undefined,
      isCut: (flags & IS_CUT) !== 0,
      head: () => arena.read(number(START), number(HEAD_END), 'latin1'),
      body: () => arena.read(number(HEAD_END), number(BODY_END), 'utf8'),
      response: () => arena.read(number(BODY_END), number(END), 'latin1')
    }
  }

  /** What is kept from a sequence number on. */
  * from (sequence: number): IterableIterator<KeptRequest> {
    for (let row = Math.max(this.#oldest, sequence - this.first); row < this.#rows; row++) {
      const entry = this.get(this.first + row)
      if (entry !== undefined) yield entry
    }
  }

  /** The sequence number of the request that started this operation. */
  startOf (operationId: string): number | undefined {
    const row = this.#runs.findLastIndex(run => run?.operationId === operationId)
    return row < 0 ? undefined : this.first + row
  }

  /** Of what the script wrote, once it has ended; 0 if the request is not kept here. */
  outputSizeOf (sequence: number): number {
    const row = this.#rowOf(sequence)
    return row === undefined ? 0 : outputSize(this.#runs[row])
  }

  /** Forgets a request that is kept. Returns its size in bytes. */
  drop (sequence: number): number {
    const row = sequence - this.first
    const { numbers } = this.#storage
    const at = row * COLUMNS
    const size = numbers[at + END]! - numbers[at + START]! + outputSize(this.#runs[row])
    numbers[at + FLAGS] = 0
    this.#runs[row] = undefined
    if (this.#unusual.size > 0) this.#unusual.delete(row)
    this.#kept--
    while (this.#oldest < this.#rows && !this.#isKept(this.#oldest)) this.#oldest++
    return size
  }

  /** Gives its storage away: nothing is kept here any more. */
  release (): Storage {
    this.#rows = 0
    this.#storage.arena.clear()
    return this.#storage
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

function outputSize (run: StartedRun | undefined): number {
  const output = run?.output
  return output === undefined ? 0 : output.stdout.length + output.stderr.length
}
