/** The target of a proxy request; the host in lower case, an IPv6 address without brackets. */
export interface Destination {
  readonly host: string
  readonly port: number
}

/** `emulated`: azrun answers itself. `allowed`: azrun forwards to the host. */
export type Verdict = 'emulated' | 'allowed' | 'refused'

const WEB_PORTS = [80, 443]

/** Parses `host:port`; undefined if malformed. `port` is the default for a missing one. */
export function parseAuthority (authority: string, port?: number): Destination | undefined {
  const [, bracketed, plain, digits] = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i.exec(authority) ?? []
  const host = (bracketed ?? plain)?.toLowerCase().replace(/\.$/, '')
  const number = digits === undefined ? port : Number(digits)
  if (host === undefined || host === '' || number === undefined || number < 1 || number > 65_535) return undefined
  return { host, port: number }
}

/** `host:port` as in a URL. */
export function authorityOf ({ host, port }: Destination): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

/**
 * Whether a destination leads to azrun itself: to one of its names, and to the port on which it listens, or to that of
 * a load balancer before it.
 */
export function isOwnBy (names: readonly string[], ownPort: number | undefined, { host, port }: Destination): boolean {
  return names.includes(host) && (port === ownPort || WEB_PORTS.includes(port))
}

/**
 * Returns a function that decides about destinations; `isOwn` is true for those that lead to azrun itself. azrun
 * forwards to an allowed host (`HOST`, for ports 80 and 443, or `HOST:PORT`) even if it emulates that host: the user
 * asked for it.
 */
export function createDestinations (isEmulated: (host: string) => boolean, allowed: readonly string[],
  isOwn: (destination: Destination) => boolean = () => false): (destination: Destination) => Verdict {
  const authorities = new Set(allowed.flatMap(text => {
    const destination = parseAuthority(text, WEB_PORTS[0])!
    const ports = /:\d+$/.test(text) ? [destination.port] : WEB_PORTS
    return ports.map(port => authorityOf({ ...destination, port }))
  }))
  return destination => {
    if (authorities.has(authorityOf(destination))) return 'allowed'
    if (isOwn(destination)) return 'emulated'
    return isEmulated(destination.host) && WEB_PORTS.includes(destination.port) ? 'emulated' : 'refused'
  }
}

/** Why azrun does not forward to this destination, and what to do. */
export function refusalOf (destination: Destination): string {
  const authority = authorityOf(destination)
  const isWeb = WEB_PORTS.includes(destination.port)
  const target = isWeb ? authority.replace(/:\d+$/, '') : authority
  const served = isWeb ? "Azure's hosts only" : "Azure's hosts only, on ports 80 and 443"
  return `azrun does not forward to ${target}: it serves ${served}. Use --allow-host ${target} to allow it`
}
