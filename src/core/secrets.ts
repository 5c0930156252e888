import { createHash, timingSafeEqual } from 'node:crypto'

/** Compares in constant time, which reveals nothing about the secret. */
export function isSameSecret (secret: string, given: string): boolean {
  const [left, right] = [secret, given].map(text => createHash('sha256').update(text).digest())
  return timingSafeEqual(left!, right!)
}
