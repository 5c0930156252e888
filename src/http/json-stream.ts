import { Readable } from 'node:stream'
import { othersFirst } from '../time/turns.js'

/** The characters to write before others get a turn. */
const PART = 32 * 1024

/** A step counts as so many characters more, because it takes time even if it writes nothing. */
const STEP = 128

/**
 * A JSON document that is too long to exist at once. It is written as fast as its reader reads, and lets other work go
 * first again and again. An iterable becomes a list, whose items are made in turn; undefined ones are left out. A
 * function is called when its turn comes, so that a member after a list can count its items.
 */
export function jsonStream (document: object): Readable {
  return Readable.from(partsOf(document), { highWaterMark: 1 })
}

async function * partsOf (document: object): AsyncIterableIterator<string> {
  let text = ''
  let size = 0
  for (const piece of piecesOf(document)) {
    text += piece
    size += STEP + piece.length
    if (size < PART) continue
    if (text !== '') yield text
    text = ''
    size = 0
    await othersFirst()
  }
  yield text
}

/** The text of a value in pieces. Lists, and objects that contain them, are divided. */
function * piecesOf (value: unknown): IterableIterator<string> {
  if (typeof value !== 'object' || value === null) yield JSON.stringify(value)
  else if (Symbol.iterator in value) yield * piecesOfList(value as Iterable<unknown>)
  else yield * piecesOfObject(value)
}

function * piecesOfList (items: Iterable<unknown>): IterableIterator<string> {
  let before = '['
  for (const item of items) {
    yield item === undefined ? '' : `${before}${JSON.stringify(item)}`
    if (item !== undefined) before = ','
  }
  yield before === '[' ? '[]' : ']'
}

function * piecesOfObject (members: object): IterableIterator<string> {
  let before = '{'
  for (const [name, member] of Object.entries(members)) {
    const value: unknown = typeof member === 'function' ? member() : member
    if (value === undefined) continue
    yield `${before}${JSON.stringify(name)}:`
    yield * piecesOf(value)
    before = ','
  }
  yield before === '{' ? '{}' : '}'
}
