import { createHash, timingSafeEqual } from 'node:crypto'

/** Compares in constant time, which reveals nothing about the secret. */
export function isSameSecret (secret: string, given: string): boolean {
  const [left, right] = [secret, given].map(text => createHash('sha256').update(text).digest())
  return timingSafeEqual(left!, right!)
}

/** A scheme or two slashes, in every spelling that a URL parser takes, and what stands before the host. */
const USER = /^([\0- ]*(?:[a-z][a-z\d+.-]*:[/\\]*|[/\\]{2,}))[^/\\?#]*@/i

/** A URI with `instead` for its user and password, if any. Leaves out tabs and line ends, as URL parsers do. */
export function withoutUser (uri: string, instead = ''): string {
  return uri.replaceAll(/[\t\n\r]/g, '').replace(USER, `$1${instead}`)
}
