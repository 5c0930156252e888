import { randomFillSync } from 'node:crypto'

/** The source of all randomness that clients can see: ids, and the chances of scenarios. */
export interface Random {
  /** Fills the array with random bytes. */
  fill (bytes: Uint8Array): void
  /** A number from 0 to 1, exclusive of 1. */
  next (): number
}

export const systemRandom: Random = {
  fill: bytes => { randomFillSync(bytes) },
  next: () => Math.random()
}

const UINT64 = 0xffff_ffff_ffff_ffffn

/**
 * The same numbers for the same seed, a whole number from 0: xoshiro128** by Blackman and Vigna, seeded with splitmix64
 * as they advise. Each `stream` of a seed has its own numbers. They are predictable, so use them for no secret.
 */
export function seededRandom (seed: number, stream = 0): Random {
  const word = words(seed, stream)
  return {
    fill (bytes) {
      for (let index = 0, rest = 0; index < bytes.length; index++, rest >>>= 8) {
        if (index % 4 === 0) rest = word()
        bytes[index] = rest
      }
    },
    next: () => word() / 2 ** 32
  }
}

/** Whole numbers from 0 to 2 ** 32 - 1. */
function words (seed: number, stream: number): () => number {
  const mix = splitmix64(BigInt(seed) + (BigInt(stream) << 56n))
  let [a, b, c, d] = [mix(), mix()].flatMap(word => [Number(word & 0xffff_ffffn), Number(word >> 32n)]) as State
  return () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotate(d, 11)
    return result
  }
}

type State = [a: number, b: number, c: number, d: number]

function rotate (word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}

function splitmix64 (seed: bigint): () => bigint {
  let state = seed & UINT64
  return () => {
    state = (state + 0x9e37_79b9_7f4a_7c15n) & UINT64
    let mixed = ((state ^ (state >> 30n)) * 0xbf58_476d_1ce4_e5b9n) & UINT64
    mixed = ((mixed ^ (mixed >> 27n)) * 0x94d0_49bb_1331_11ebn) & UINT64
    return mixed ^ (mixed >> 31n)
  }
}
