import { ArmError } from '../errors/arm-error.js'
import { invalidFilter } from '../errors/invalid-value.js'
import { tagFilterOf } from './tag-filter.js'

/** The members of a resource that filters compare. */
export interface Filtered {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly location: string
  readonly tags?: Readonly<Record<string, string>> | undefined
}

type Test = (resource: Filtered) => boolean

/** A $filter of the lists of resources. */
export interface ResourceFilter {
  readonly matches: Test
  /** Whether it is about tags. The resources in the response then have none (documented, azure-cli #7674). */
  readonly isOfTags: boolean
  /** Whether it looks for a part of a name, which overrides `$top` (recorded: azure-rest-api-specs #6967). */
  readonly isOfSubstrings: boolean
}

type Member = (resource: Filtered) => string | undefined

/** Azure's other members, of an identity or of a plan. No resource of azrun has them. */
const LACKING = ['identity', 'identity/principalid', 'plan', 'plan/publisher', 'plan/product', 'plan/name', 'plan/version',
  'plan/promotioncode']

/** By their names in lower case (documented). */
const MEMBERS: ReadonlyMap<string, Member> = new Map<string, Member>([
  ['location', ({ location }) => location],
  ['name', ({ name }) => name],
  ['resourcegroup', ({ id }) => id.split('/')[4]],
  ['resourcetype', ({ type }) => type],
  ...LACKING.map((name): [string, Member] => [name, () => undefined])
])

/** The members in which a filter can look for a part (documented). */
const SEARCHED: readonly string[] = ['name', 'resourcegroup']

/** A filter of the names of tags by their beginning (documented). */
const TAG_BEGINNING = /^\s*startswith\s*\(\s*tagname\s*,\s*'([^']*)'\s*\)\s*$/i

/** A text in quotes, a word or a sign. */
const TOKEN = /\s*(?:'((?:[^']|'')*)'|([\w/]+)|([(),]))/y

/** How deep parentheses can be. */
const DEEPEST = 100

/** The filters that azrun knows, for the log. */
const KNOWN = "MEMBER eq 'TEXT' (or ne) and substringof('TEXT', name), joined with and and or, " +
  "tagName eq 'NAME', tagName eq 'NAME' and tagValue eq 'VALUE', or startswith(tagName, 'TEXT')"

/**
 * Reads a filter in the documented language, which ignores case. A filter of tags has nothing else (recorded:
 * azure-sdk-for-net #2757, azure-cli #7674).
 */
export function resourceFilterOf (filter: string): ResourceFilter {
  const ofTags = tagFilterOf(filter) ?? tagBeginningOf(filter)
  if (ofTags !== undefined) return { matches: ofTags, isOfTags: true, isOfSubstrings: false }
  if (filter === '') return { matches: () => true, isOfTags: false, isOfSubstrings: false }
  const parser = new Parser(filter)
  return { matches: parser.whole(), isOfTags: false, isOfSubstrings: parser.hasSubstrings }
}

function tagBeginningOf (filter: string): Test | undefined {
  const beginning = TAG_BEGINNING.exec(filter)?.[1]!.toLowerCase()
  if (beginning === undefined) return undefined
  return ({ tags = {} }) => Object.keys(tags).some(name => name.toLowerCase().startsWith(beginning))
}

interface Token {
  readonly text?: string | undefined
  /** In lower case. */
  readonly word?: string | undefined
}

class Parser {
  readonly #filter: string
  readonly #tokens: readonly Token[]
  #index = 0
  #depth = 0
  hasSubstrings = false

  constructor (filter: string) {
    this.#filter = filter
    this.#tokens = Array.from(this.#read())
  }

  whole (): Test {
    const test = this.#any()
    if (this.#index < this.#tokens.length) throw this.#invalid()
    return test
  }

  * #read (): Iterable<Token> {
    const filter = this.#filter.trimEnd()
    TOKEN.lastIndex = 0
    while (TOKEN.lastIndex < filter.length) {
      const [, text, word, sign] = TOKEN.exec(filter) ?? []
      if (text === undefined && word === undefined && sign === undefined) throw this.#invalid()
      yield { text: text?.replaceAll("''", "'"), word: word?.toLowerCase() ?? sign }
    }
  }

  /** Terms joined with `or`, which binds less than `and`. */
  #any (): Test {
    const tests = [this.#all()]
    while (this.#takes('or')) tests.push(this.#all())
    return resource => tests.some(matches => matches(resource))
  }

  #all (): Test {
    const tests = [this.#term()]
    while (this.#takes('and')) tests.push(this.#term())
    return resource => tests.every(matches => matches(resource))
  }

  #term (): Test {
    if (this.#takes('(')) return this.#nested()
    if (this.#takes('substringof')) return this.#substring()
    const member = this.#member()
    const isEqual = this.#takes('eq')
    if (!isEqual) this.#expect('ne')
    const text = this.#text()
    return resource => (member(resource)?.toLowerCase() === text) === isEqual
  }

  #nested (): Test {
    if (++this.#depth > DEEPEST) throw this.#invalid()
    const test = this.#any()
    this.#expect(')')
    this.#depth--
    return test
  }

  #substring (): Test {
    this.hasSubstrings = true
    this.#expect('(')
    const text = this.#text()
    this.#expect(',')
    if (!SEARCHED.includes(this.#tokens[this.#index]?.word ?? '')) throw this.#invalid()
    const member = this.#member()
    this.#expect(')')
    return resource => member(resource)!.toLowerCase().includes(text)
  }

  #member (): Member {
    const member = MEMBERS.get(this.#tokens[this.#index++]?.word ?? '')
    if (member === undefined) throw this.#invalid()
    return member
  }

  /** In lower case. */
  #text (): string {
    const text = this.#tokens[this.#index++]?.text
    if (text === undefined) throw this.#invalid()
    return text.toLowerCase()
  }

  #takes (word: string): boolean {
    if (this.#tokens[this.#index]?.word !== word) return false
    this.#index++
    return true
  }

  #expect (word: string): void {
    if (!this.#takes(word)) throw this.#invalid()
  }

  #invalid (): ArmError {
    return invalidFilter(this.#filter, KNOWN)
  }
}
