/** What the service's deserializer accepts although the contract, or JSON itself, forbids it. */
export type Leniency = 'JSON syntax' | 'member name' | 'null' | 'number' | 'boolean' | 'text' | 'empty text'

/** Code units. */
export const code = {
  TAB: 9,
  LINE_FEED: 10,
  RETURN: 13,
  SPACE: 32,
  QUOTE: 34,
  APOSTROPHE: 39,
  CLOSE_PARENTHESIS: 41,
  COMMA: 44,
  SLASH: 47,
  DIGIT_0: 48,
  DIGIT_9: 57,
  COLON: 58,
  OPEN_BRACKET: 91,
  BACKSLASH: 92,
  CLOSE_BRACKET: 93,
  LETTER_N: 110,
  OPEN_BRACE: 123,
  CLOSE_BRACE: 125
} as const

const ESCAPES: Readonly<Record<string, string>> = {
  b: '\b', t: '\t', n: '\n', f: '\f', r: '\r', '"': '"', "'": "'", '\\': '\\', '/': '/'
}

const LINE = /[^\r\n]*/y

/** Scans white space, comments, strings and bare names in a JSON text, as Json.NET 6.0.8 does. */
export abstract class JsonScanner {
  protected readonly text: string
  /** The index of the next character. */
  protected at = 0

  constructor (text: string) {
    this.text = text
  }

  /** Called for what JSON forbids and Json.NET accepts. */
  abstract allow (leniency: Leniency): void

  /** The error for this position, in Json.NET's words. */
  abstract malformed (reason: string): Error

  /** The next code unit; NaN at the end. */
  protected get next (): number {
    return this.text.charCodeAt(this.at)
  }

  /** The next character, or surrogate pair, for an error; NUL at the end, as in Json.NET. */
  protected get shown (): string {
    return String.fromCodePoint(this.text.codePointAt(this.at) ?? 0)
  }

  /** Skips white space and returns the next code unit; NaN at the end. */
  protected skipSpace (): number {
    for (;;) {
      const next = this.text.charCodeAt(this.at)
      if (!isSpace(next)) return next
      if (next !== code.SPACE && next !== code.LINE_FEED && next !== code.RETURN && next !== code.TAB) {
        this.allow('JSON syntax')
      }
      this.at++
    }
  }

  /** Skips white space and comments. */
  protected skip (): number {
    let next = this.skipSpace()
    while (next === code.SLASH) {
      this.#skipComment()
      next = this.skipSpace()
    }
    return next
  }

  /** Whether a literal ends here. */
  protected isAtSeparator (): boolean {
    const { next } = this
    if (next === code.COMMA || next === code.CLOSE_BRACE || next === code.CLOSE_BRACKET) return true
    if (next === code.SLASH) return /[*/]/.test(this.text.charAt(this.at + 1))
    return Number.isNaN(next) || isSpace(next)
  }

  /** Reads a string. Its opening quote is next. */
  protected string (): string {
    const { text } = this
    const quote = this.next
    const start = ++this.at
    let isEscaped = false
    let isJson = quote === code.QUOTE
    let at = start
    // The loop uses only local variables, which makes it several times as fast for long strings.
    for (let unit; (unit = text.charCodeAt(at)) !== quote; at++) {
      if (unit >= code.SPACE && unit !== code.BACKSLASH) continue
      this.at = at
      if (Number.isNaN(unit)) throw this.#unterminated(quote)
      if (unit < code.SPACE) isJson = false
      if (unit !== code.BACKSLASH) continue
      isEscaped = true
      this.#skipEscape(quote)
      at = this.at
    }
    if (!isJson) this.allow('JSON syntax')
    this.at = at + 1
    const raw = text.slice(start, at)
    return isEscaped ? unescaped(raw) : raw
  }

  /** Reads a name without quotes. */
  protected bareName (): string {
    const start = this.at
    while (isNameCharacter(this.next)) this.at++
    if (this.at === this.text.length) throw this.malformed('Unexpected end while parsing unquoted property name')
    if (this.next !== code.COLON && !isSpace(this.next)) {
      throw this.malformed(`Invalid JavaScript property identifier character: ${this.shown}`)
    }
    this.allow('JSON syntax')
    return this.text.slice(start, this.at)
  }

  /** Goes to the last character of an escape. Its backslash is next. */
  #skipEscape (quote: number): void {
    const { text } = this
    const character = text.charAt(++this.at)
    if (character === '') throw this.#unterminated(quote)
    if (character !== 'u') {
      if (character === "'") this.allow('JSON syntax')
      if (character in ESCAPES) return
      this.at++
      throw this.malformed(`Bad JSON escape sequence: \\${character}`)
    }
    const digits = text.slice(++this.at, this.at + 4)
    if (this.at + 4 >= text.length) throw this.malformed('Unexpected end while parsing unicode character')
    if (!/^[\da-f]{4}$/i.test(digits)) throw this.malformed(`Invalid Unicode escape sequence: \\u${digits}`)
    this.at += 3
  }

  #unterminated (quote: number): Error {
    return this.malformed(`Unterminated string. Expected delimiter: ${String.fromCharCode(quote)}`)
  }

  #skipComment (): void {
    const { text } = this
    this.allow('JSON syntax')
    const kind = text.charAt(++this.at)
    if (this.at + 1 >= text.length) throw this.malformed('Unexpected end while parsing comment')
    if (kind === '/') {
      LINE.lastIndex = this.at
      LINE.test(text)
      this.at = LINE.lastIndex
      return
    }
    if (kind !== '*') throw this.malformed(`Error parsing comment. Expected: *, got ${this.shown}`)
    const end = text.indexOf('*/', this.at + 1)
    this.at = end === -1 ? text.length : end + 2
    if (end === -1) throw this.malformed('Unexpected end while parsing comment')
  }
}

export function isNameCharacter (unit: number): boolean {
  return !Number.isNaN(unit) && /[\p{L}\p{Nd}_$]/u.test(String.fromCharCode(unit))
}

/** Whether this is .NET's white space or NUL, which Json.NET also skips. */
function isSpace (unit: number): boolean {
  if (unit <= code.SPACE) return unit === code.SPACE || (unit >= code.TAB && unit <= code.RETURN) || unit === 0
  return unit === 0x85 || unit === 0xa0 || (unit > 0xff && unit !== 0xfeff && /\s/.test(String.fromCharCode(unit)))
}

/** Decodes valid escapes. An escaped surrogate without its other half becomes U+FFFD. */
function unescaped (raw: string): string {
  const units = new Uint16Array(raw.length)
  let length = 0
  for (let at = 0; at < raw.length;) {
    const unit = raw.charCodeAt(at++)
    if (unit !== code.BACKSLASH) {
      units[length++] = unit
    } else if (raw.charAt(at) !== 'u') {
      units[length++] = ESCAPES[raw.charAt(at++)]!.charCodeAt(0)
    } else {
      const high = escapedUnit(raw, at - 1)
      const low = escapedUnit(raw, at + 5)
      const isPair = isHighSurrogate(high) && isLowSurrogate(low)
      units[length++] = isPair || !(isHighSurrogate(high) || isLowSurrogate(high)) ? high : 0xfffd
      if (isPair) units[length++] = low
      at += isPair ? 11 : 5
    }
  }
  return Buffer.from(units.buffer, 0, 2 * length).toString('utf16le')
}

/** The code unit of the `\u` escape at `at`; NaN if there is none. */
function escapedUnit (raw: string, at: number): number {
  return raw.startsWith('\\u', at) ? Number.parseInt(raw.slice(at + 2, at + 6), 16) : NaN
}

function isHighSurrogate (unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00
}

function isLowSurrogate (unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000
}
