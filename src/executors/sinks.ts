import type { Execution, Sink } from './executor.js'

/** The most bytes of a piece. */
export const MAX_PIECE = 4 * 2 ** 20

/** The pieces of each stream. */
export interface Streams {
  readonly stdout: Iterable<Buffer>
  readonly stderr: Iterable<Buffer>
}

/** Writes the streams to their sinks, one after the other. Rejects if a sink fails or the signal aborts. */
export async function fillSinks (sinks: NonNullable<Execution['sinks']>, streams: Streams,
  signal: AbortSignal): Promise<void> {
  for (const name of ['stdout', 'stderr'] as const) {
    if (sinks[name] !== undefined) await fill(sinks[name], streams[name], signal)
  }
}

async function fill (sink: Sink, pieces: Iterable<Buffer>, signal: AbortSignal): Promise<void> {
  for (const piece of pieces) {
    signal.throwIfAborted()
    await sink.write(piece)
  }
  signal.throwIfAborted()
}

/** Splits bytes into pieces. */
export function * piecesOf (bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length; start += MAX_PIECE) yield bytes.subarray(start, start + MAX_PIECE)
}
