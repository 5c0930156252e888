import { ArmError } from '../errors/arm-error.js'
import { isTooLong, printedNumber } from './number.js'
import { code, isNameCharacter, JsonScanner, type Leniency } from './scanner.js'

export type Token = 'StartObject' | 'StartArray' | 'PropertyName' | 'String' | 'Number' | 'Boolean' | 'Null' | 'Undefined' |
  'EndObject' | 'EndArray' | 'EndConstructor'

type State = 'Start' | 'ObjectStart' | 'Object' | 'Property' | 'ArrayStart' | 'Array' | 'PostValue' | 'Finished'

/** An open object or array. */
interface Container {
  readonly type: 'Object' | 'Array'
  name: string
  index: number
}

/** Called at each place where Json.NET accepts wrong JSON. `type` is the expected .NET type. */
export type OnLeniency = (leniency: Leniency, reader: JsonReader, type: string) => void

/** Words that are values, by their first letters: the token, its .NET text, and its name in errors. */
const WORDS = [
  { start: 't', word: 'true', token: 'Boolean', value: 'True', name: 'boolean' },
  { start: 'f', word: 'false', token: 'Boolean', value: 'False', name: 'boolean' },
  { start: 'nu', word: 'null', token: 'Null', value: '', name: 'null' },
  { start: 'u', word: 'undefined', token: 'Undefined', value: '', name: 'undefined' },
  { start: 'N', word: 'NaN', token: 'Number', value: 'NaN', name: 'NaN' },
  { start: 'I', word: 'Infinity', token: 'Number', value: 'Infinity', name: 'positive infinity' },
  { start: '-I', word: '-Infinity', token: 'Number', value: '-Infinity', name: 'negative infinity' }
] as const

/**
 * Reads the tokens of a JSON text in one pass, as Json.NET 6.0.8 does. At the first token that Json.NET would refuse,
 * it throws with the same words and position. Json.NET accepts more than JSON: comments, single quotes, bare names,
 * trailing commas, line breaks in text, octal and hexadecimal numbers. Only constructors (`new Date()`) are missing.
 */
export class JsonReader extends JsonScanner {
  /** The token that was read last. */
  token: Token = 'Undefined'
  /** The text of the token: the content of a name or string, the .NET text of a number or boolean. */
  value = ''
  readonly #open: Container[] = []
  readonly #onLeniency: OnLeniency
  #state: State = 'Start'

  constructor (text: string, onLeniency: OnLeniency) {
    super(text)
    this.#onLeniency = onLeniency
  }

  /** The path of the last token, such as `parameters[0].value`. */
  get path (): string {
    const inside = this.#state !== 'ObjectStart' && this.#state !== 'ArrayStart'
    const containers = inside ? this.#open : this.#open.slice(0, -1)
    return containers.reduce((path, { type, name, index }) => {
      if (type === 'Array') return `${path}[${index}]`
      const text = /[. [\]()]/.test(name) ? `['${shortened(name)}']` : shortened(name)
      return path === '' ? text : `${path}.${text}`
    }, '')
  }

  /** `type` is the expected .NET type. */
  override allow (leniency: Leniency, type = 'System.String'): void {
    this.#onLeniency(leniency, this, type)
  }

  /** Reads the next token; false at the end of the text. */
  read (): boolean {
    const state = this.#state
    if (state === 'ObjectStart' || state === 'Object') return this.#readName()
    if (state === 'PostValue') return this.#readAfterValue()
    if (state === 'Finished') return this.#readEnd()
    return this.#readValue()
  }

  /** Like `read`, but converts numbers and booleans to text. */
  readText (): boolean {
    if (!this.read()) return false
    const { token } = this
    if (token === 'Number' || token === 'Boolean') {
      this.allow(token === 'Number' ? 'number' : 'boolean')
      this.token = 'String'
    }
    if (token === 'StartObject' || token === 'StartArray' || token === 'Undefined') {
      throw new ArmError('TextExpected', { token, ...this.position() })
    }
    return true
  }

  override malformed (reason: string): ArmError {
    return new ArmError('MalformedJson', { reason, ...this.position() })
  }

  /** The end of the last token. Lines are counted only here. */
  position (): { path: string, line: number, position: number } {
    const text = this.text
    let line = 1
    let start = 0
    for (let at = 0; at < this.at; at++) {
      const unit = text.charCodeAt(at)
      if (unit !== code.LINE_FEED && unit !== code.RETURN) continue
      // Json.NET counts a CRLF at the end of the text as two line breaks.
      if (unit === code.RETURN && text.charCodeAt(at + 1) === code.LINE_FEED && at + 2 < text.length) at++
      line++
      start = at + 1
    }
    const position = this.at - start
    return { path: this.path, line: this.#state === 'Start' && position === 0 ? 0 : line, position }
  }

  #readName (): boolean {
    const next = this.skip()
    if (Number.isNaN(next)) return false
    if (next === code.CLOSE_BRACE) return this.#close('EndObject', 'Object')
    if (next === code.QUOTE || next === code.APOSTROPHE) this.value = this.string()
    else if (isNameCharacter(next)) this.value = this.bareName()
    else throw this.malformed(`Invalid property identifier character: ${this.shown}`)
    if (this.skipSpace() !== code.COLON) {
      throw this.malformed(`Invalid character after parsing property name. Expected ':' but got: ${this.shown}`)
    }
    this.at++
    this.#container!.name = this.value
    this.#state = 'Property'
    this.token = 'PropertyName'
    return true
  }

  #readAfterValue (): boolean {
    switch (this.skip()) {
      case code.COMMA:
        this.at++
        this.#state = this.#container!.type
        return this.read()
      case code.CLOSE_BRACE: return this.#close('EndObject', 'Object')
      case code.CLOSE_BRACKET: return this.#close('EndArray', 'Array')
      case code.CLOSE_PARENTHESIS: return this.#close('EndConstructor')
    }
    if (this.at < this.text.length) {
      throw this.malformed(`After parsing a value an unexpected character was encountered: ${this.shown}`)
    }
    this.#state = 'Finished'
    return false
  }

  #readEnd (): boolean {
    if (Number.isNaN(this.skip())) return false
    throw this.malformed(`Additional text encountered after finished reading JSON content: ${this.shown}`)
  }

  #readValue (): boolean {
    const next = this.skip()
    switch (next) {
      case code.QUOTE:
      case code.APOSTROPHE:
        this.value = this.string()
        return this.#finish('String')
      case code.OPEN_BRACE: return this.#start('StartObject', 'Object')
      case code.OPEN_BRACKET: return this.#start('StartArray', 'Array')
      case code.CLOSE_BRACKET: return this.#close('EndArray', 'Array')
      case code.CLOSE_PARENTHESIS: return this.#close('EndConstructor')
      // Does not skip the comma: the next `read` treats it as the one after the value.
      case code.COMMA: return this.#finish('Undefined')
    }
    if (Number.isNaN(next)) return false
    if (next >= code.DIGIT_0 && next <= code.DIGIT_9) return this.#readNumber()
    const word = this.#wordHere()
    if (word !== undefined) return this.#readWord(word)
    if (/[-.\p{N}]/u.test(this.shown)) return this.#readNumber()
    throw this.malformed(next === code.LETTER_N && this.at + 1 === this.text.length
      ? 'Unexpected end'
      : `Unexpected character encountered while parsing value: ${this.shown}`)
  }

  #start (token: Token, type: Container['type']): boolean {
    this.at++
    this.#countItem()
    this.#open.push({ type, name: '', index: -1 })
    this.#state = type === 'Object' ? 'ObjectStart' : 'ArrayStart'
    this.token = token
    return true
  }

  #close (token: Token, type?: Container['type']): boolean {
    if (this.#state === 'Object' || this.#state === 'Array') this.allow('JSON syntax')
    this.at++
    const closed = this.#open.pop()?.type
    if (closed !== undefined) this.#state = this.#container === undefined ? 'Finished' : 'PostValue'
    if (closed === undefined || closed !== type) {
      throw this.malformed(`JsonToken ${token} is not valid for closing JsonType ${closed ?? 'None'}`)
    }
    this.token = token
    return true
  }

  #finish (token: Token): boolean {
    this.#countItem()
    this.#state = this.#container === undefined ? 'Finished' : 'PostValue'
    this.token = token
    return true
  }

  get #container (): Container | undefined {
    return this.#open[this.#open.length - 1]
  }

  #countItem (): void {
    const container = this.#container
    if (container?.type === 'Array') container.index++
  }

  /** The word that begins here. It may be misspelt. */
  #wordHere (): (typeof WORDS)[number] | undefined {
    return WORDS.find(({ start }) => this.text.startsWith(start, this.at))
  }

  #readWord ({ word, token, value, name }: (typeof WORDS)[number]): boolean {
    const isWhole = this.text.startsWith(word, this.at)
    if (isWhole) this.at += word.length
    if (!isWhole || !this.isAtSeparator()) throw this.malformed(`Error parsing ${name} value`)
    if (token === 'Number' || token === 'Undefined') this.allow('JSON syntax')
    this.value = value
    return this.#finish(token)
  }

  #readNumber (): boolean {
    const start = this.at
    PLAIN_INTEGER.lastIndex = start
    if (PLAIN_INTEGER.test(this.text)) {
      this.at = PLAIN_INTEGER.lastIndex
      this.value = this.text.slice(start, this.at)
      return this.#finish('Number')
    }
    NUMBER.lastIndex = start
    NUMBER.test(this.text)
    this.at = NUMBER.lastIndex
    const text = this.text.slice(start, this.at)
    const { next } = this
    if (!this.isAtSeparator() && next !== code.SLASH && next !== code.CLOSE_PARENTHESIS) {
      throw this.malformed(`Unexpected character encountered while parsing number: ${this.shown}`)
    }
    this.#finish('Number')
    if (isTooLong(text)) throw this.malformed(`JSON integer ${shortened(text)} is too large to parse`)
    const printed = printedNumber(text)
    if (printed === undefined) throw this.malformed(`Input string '${shortened(text)}' is not a valid number`)
    if (!JSON_NUMBER.test(text)) this.allow('JSON syntax')
    this.value = printed
    return true
  }
}

/** Integers whose .NET text is the same as in JSON. */
const PLAIN_INTEGER = /[1-9]\d{0,14}(?=[,\]}])/y

/** The characters that Json.NET treats as parts of a number. */
const NUMBER = /[-+.\da-fx]*/iy
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[-+]?\d+)?$/i

/** Shortens a client's text for an error. Azure repeats it whole, but azrun avoids responses of megabytes. */
export function shortened (text: string): string {
  return text.length <= 100 ? text : `${text.slice(0, 100)}…`
}
