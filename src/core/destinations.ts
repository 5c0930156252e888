/** Where a request goes; the host in lower case, an IPv6 address without brackets. */
export interface Destination {
  readonly host: string
  readonly port: number
}

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

/** Whether this is a default port of HTTP or HTTPS. */
export function isWeb (port: number): boolean {
  return WEB_PORTS.includes(port)
}

/** The value for `--allow-host` that allows a destination. */
export function allowHostOf (destination: Destination): string {
  const authority = authorityOf(destination)
  return isWeb(destination.port) ? authority.replace(/:\d+$/, '') : authority
}

/** Returns a test for the destinations that a list allows: `HOST` with ports 80 and 443, or `HOST:PORT`. */
export function createAllowed (hosts: readonly string[]): (destination: Destination) => boolean {
  const authorities = new Set(hosts.flatMap(text => {
    const destination = parseAuthority(text, WEB_PORTS[0])!
    const ports = /:\d+$/.test(text) ? [destination.port] : WEB_PORTS
    return ports.map(port => authorityOf({ ...destination, port }))
  }))
  return destination => authorities.has(authorityOf(destination))
}
