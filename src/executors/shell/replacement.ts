/** A text to replace, and its replacement. Neither is empty. */
export interface Replacement {
  readonly text: string
  readonly by: string
}

/**
 * Returns a function that replaces the text in a stream, piece by piece. It holds back bytes that may be the beginning
 * of the text. Called without a piece, it returns the rest.
 */
export function createReplacer ({ text, by }: Replacement): (bytes?: Buffer) => Buffer {
  // As Latin-1, each byte is one character, so that bytes of the output are compared with bytes of the texts.
  const [from, to] = [latin1(text), latin1(by)]
  let kept = ''
  return bytes => {
    const parts = (kept + (bytes?.toString('latin1') ?? '')).split(from)
    const last = parts.pop()!
    const end = bytes === undefined ? last.length : Math.max(0, last.length - from.length + 1)
    kept = last.slice(end)
    return Buffer.from([...parts, last.slice(0, end)].join(to), 'latin1')
  }
}

/** Replaces the text in bytes that are complete. */
export function replaced (bytes: Buffer, replacement: Replacement): Buffer {
  const replace = createReplacer(replacement)
  return Buffer.concat([replace(bytes), replace()])
}

/** The UTF-8 bytes of a text as a string with one character for each byte. */
function latin1 (text: string): string {
  return Buffer.from(text).toString('latin1')
}
