import { UsageError } from '../usage-error.js'

/** Where a client of the proxy wants to go; the host in lower case, without the brackets of an IPv6 address. */
export interface Destination {
  readonly host: string
  readonly port: number
}

/** `emulated`: azrun answers itself. `allowed`: the client is led there. */
export type Verdict = 'emulated' | 'allowed' | 'refused'

const WEB_PORTS = [80, 443]

/** `host:port`, or undefined where it is not that; `port` is what a missing one means. */
export function parseAuthority (authority: string, port?: number): Destination | undefined {
  const [, bracketed, plain, digits] = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i.exec(authority) ?? []
  const host = (bracketed ?? plain)?.toLowerCase().replace(/\.$/, '')
  const number = digits === undefined ? port : Number(digits)
  return host === undefined || host === '' || number === undefined || number < 1 || number > 65_535 ? undefined : { host, port: number }
}

/** `host:port` as a URL has it. */
export function authorityOf ({ host, port }: Destination): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

/**
 * Says where the proxy leads. An allowed host (`HOST`, meaning the ports of the web, or `HOST:PORT`) is led to even if
 * it is an emulated one: that was asked for. Throws a `UsageError` for an allowed host that is none.
 */
export function createDestinations (isEmulated: (host: string) => boolean,
  allowed: readonly string[]): (destination: Destination) => Verdict {
  const authorities = new Set(allowed.flatMap(text => {
    const destination = parseAuthority(text, WEB_PORTS[0])
    if (destination === undefined) {
      throw new UsageError(`--allow-host ${text} must be HOST or HOST:PORT, with a port from 1 to 65535`)
    }
    const ports = /:\d+$/.test(text) ? [destination.port] : WEB_PORTS
    return ports.map(port => authorityOf({ ...destination, port }))
  }))
  return destination => {
    if (authorities.has(authorityOf(destination))) return 'allowed'
    return isEmulated(destination.host) && WEB_PORTS.includes(destination.port) ? 'emulated' : 'refused'
  }
}
