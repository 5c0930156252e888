import t from 'tap'
import { createIds } from '../../src/core/ids.js'
import { seededRandom, systemRandom, type Random } from '../../src/core/random.js'

function numbersOf (random: Random, count = 5): number[] {
  return Array.from({ length: count }, () => random.next())
}

function bytesOf (random: Random): Uint8Array {
  const bytes = new Uint8Array(20)
  random.fill(bytes)
  return bytes
}

t.test('a seed always gives the same numbers and bytes, and another seed or stream gives others', async t => {
  t.same(numbersOf(seededRandom(7)), numbersOf(seededRandom(7)))
  t.same(bytesOf(seededRandom(7)), bytesOf(seededRandom(7)))
  t.notSame(bytesOf(seededRandom(7)), bytesOf(seededRandom(8)))
  t.notSame(bytesOf(seededRandom(7)), bytesOf(seededRandom(7, 1)))
  t.notSame(numbersOf(seededRandom(7)), numbersOf(seededRandom(8)))
  t.notSame(numbersOf(seededRandom(7)), numbersOf(seededRandom(7, 1)))
  t.notSame(numbersOf(systemRandom), numbersOf(systemRandom))
})

/** The expected values come from an implementation in another language. */
t.test('a seed gives the same numbers in every version', async t => {
  const newId = createIds(seededRandom(1))
  t.same(numbersOf(seededRandom(1), 2).map(each => each * 2 ** 32), [1695105466, 1423115009])
  t.equal(newId(), 'ba410965-0103-4354-a1f3-d225a9dcab3f')
})

for (const [name, random] of Object.entries({ seededRandom: seededRandom(Number.MAX_SAFE_INTEGER), systemRandom })) {
  t.test(`${name} gives evenly distributed numbers from 0 to below 1, and evenly distributed bytes`, async t => {
    const numbers = numbersOf(random, 100_000)
    t.ok(numbers.every(each => each >= 0 && each < 1))
    const tenths = numbers.map(each => Math.floor(each * 10))
    for (let tenth = 0; tenth < 10; tenth++) t.ok(isNear(tenths.filter(each => each === tenth).length, 10_000), `${tenth}`)
    const bytes = new Uint8Array(256_003)
    random.fill(bytes)
    const counts = new Array<number>(256).fill(0)
    for (const byte of bytes) counts[byte]!++
    t.ok(counts.every(count => isNear(count, 1000)))
  })
}

/** Within six standard deviations. */
function isNear (count: number, expected: number): boolean {
  return Math.abs(count - expected) < 6 * Math.sqrt(expected)
}
