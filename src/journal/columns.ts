import type { ScriptRun } from '../operations/script-run.js'
import { Arena } from './arena.js'
import type { Facts, KeptRequest, Texts } from './kept-request.js'

/** The columns of numbers. The texts of a request follow each other in the arena, from `START` to `END`. */
const [EVENT, TIME, DURATION, STATUS, START, HEAD_END, BODY_END, END, FLAGS, SIZE] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]

/** The number of columns of numbers. */
const COLUMNS = 10

const [KEPT, HAS_BODY, IS_CUT] = [1, 2, 4]

/** What few requests have. A row without it costs nothing. */
export interface Unusual extends Pick<Facts, 'deserialized' | 'leniencies' | 'scenarios' | 'polled'> {
  /** The arena of its texts. */
  readonly arena: Arena
}

/**
 * Requests as rows of a table that is stored by column. With an object for each request, the garbage collector would
 * move it twice and visit it again and again, which costs more than recording it. None of the arrays grows.
 */
export class Columns {
  /** For the texts of all rows, unless a row has an arena of its own. */
  readonly arena: Arena
  readonly #numbers: Float64Array
  readonly #operations: (string | undefined)[]
  readonly #runs: (ScriptRun | undefined)[]

  constructor (rows: number, arena = new Arena()) {
    this.arena = arena
    this.#numbers = new Float64Array(rows * COLUMNS)
    this.#operations = new Array<string | undefined>(rows).fill(undefined)
    this.#runs = new Array<ScriptRun | undefined>(rows).fill(undefined)
  }

  /** The number of rows that there is room for. */
  get length (): number {
    return this.#runs.length
  }

  /** Writes a row, with its texts to this arena. Returns its size in bytes. */
  write (row: number, eventId: number, facts: Facts, texts: Texts, arena: Arena): number {
    const { run } = facts
    const numbers = this.#numbers
    const at = row * COLUMNS
    const start = arena.used
    arena.add(texts.url)
    const headEnd = arena.add(texts.head)
    const bodyEnd = arena.add(texts.body)
    const end = arena.add(texts.response)
    const size = end - start + outputSize(run)
    numbers[at + EVENT] = eventId
    numbers[at + TIME] = facts.time
    numbers[at + DURATION] = facts.durationMs
    numbers[at + STATUS] = facts.status ?? 0
    numbers[at + START] = start
    numbers[at + HEAD_END] = headEnd
    numbers[at + BODY_END] = bodyEnd
    numbers[at + END] = end
    numbers[at + FLAGS] = KEPT | (facts.hasBody ? HAS_BODY : 0) | (facts.isCut ? IS_CUT : 0)
    numbers[at + SIZE] = size
    this.#operations[row] = facts.operation
    this.#runs[row] = run
    return size
  }

  /** The request of a row, which has this sequence number. */
  read (row: number, sequence: number, { arena, ...unusual }: Unusual): KeptRequest {
    const numbers = this.#numbers
    const at = row * COLUMNS
    const flags = numbers[at + FLAGS]!
    return {
      sequence,
      eventId: numbers[at + EVENT]!,
      time: numbers[at + TIME]!,
      durationMs: numbers[at + DURATION]!,
      operation: this.#operations[row],
      hasBody: (flags & HAS_BODY) !== 0,
      ...unusual,
      run: this.#runs[row],
      status: numbers[at + STATUS] || undefined,
      isCut: (flags & IS_CUT) !== 0,
      head: () => arena.read(numbers[at + START]!, numbers[at + HEAD_END]!, 'latin1'),
      body: () => arena.read(numbers[at + HEAD_END]!, numbers[at + BODY_END]!, 'utf8'),
      response: () => arena.read(numbers[at + BODY_END]!, numbers[at + END]!, 'latin1')
    }
  }

  /** The texts of a row as they were written, except that the URL is part of the head. */
  textsOf (row: number, arena: Arena): Texts {
    const at = row * COLUMNS
    const [start, headEnd, bodyEnd, end] = this.#numbers.subarray(at + START, at + END + 1)
    const read = (from: number, to: number) => arena.read(from, to, 'latin1')
    return { url: '', head: read(start!, headEnd!), body: read(headEnd!, bodyEnd!), response: read(bodyEnd!, end!) }
  }

  /** The bytes of a row's texts. */
  bytesOf (row: number): number {
    return this.#numbers[row * COLUMNS + END]! - this.#numbers[row * COLUMNS + START]!
  }

  isKept (row: number): boolean {
    return this.#numbers[row * COLUMNS + FLAGS] !== 0
  }

  /** The script's run that a row started. A row that was dropped may still have it. */
  runOf (row: number): ScriptRun | undefined {
    return this.#runs[row]
  }

  /** Adds the size of an ended script's output to that of its row. Returns it. */
  addOutput (row: number): number {
    const size = outputSize(this.#runs[row])
    this.#numbers[row * COLUMNS + SIZE]! += size
    return size
  }

  /**
   * Marks a row as gone. Returns its size in bytes. Its run stays until `forgetRun` or `clear`: to visit it would cost,
   * since a processor's caches no longer have the oldest request.
   */
  drop (row: number): number {
    const at = row * COLUMNS
    this.#numbers[at + FLAGS] = 0
    return this.#numbers[at + SIZE]!
  }

  forgetRun (row: number): void {
    this.#runs[row] = undefined
  }

  /** Frees the texts and the runs of all rows, so that others can be written. */
  clear (): void {
    this.arena.clear()
    this.#runs.fill(undefined)
  }
}

function outputSize (run: ScriptRun | undefined): number {
  const output = run?.output
  return output === undefined ? 0 : output.stdout.length + output.stderr.length
}
