import { createHash, timingSafeEqual } from 'node:crypto'

/** Compares in constant time, so that the time reveals nothing about the secret. */
export function isSameSecret (secret: string, given: string): boolean {
  const [left, right] = [secret, given].map(text => createHash('sha256').update(text).digest())
  return timingSafeEqual(left!, right!)
}

/** A scheme or two slashes, in every spelling that a URL parser accepts, and all up to the `@` before the host. */
const USER = /^([\0- ]*(?:[a-z][a-z\d+.-]*:[/\\]*|[/\\]{2,}))[^/\\?#]*@/i

/** Replaces the user and password of a URI with `instead`. Removes tabs and line ends, as URL parsers do. */
export function withoutUser (uri: string, instead = ''): string {
  return uri.replaceAll(/[\t\n\r]/g, '').replace(USER, `$1${instead}`)
}
