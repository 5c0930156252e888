import { isIP, isIPv4 } from 'node:net'

/**
 * A host in canonical form, for checks, for listening and for certificates: names in lower case, `[::1]` without
 * brackets, and other forms of addresses, such as `127.1` and `::ffff:127.0.0.1`, as the address that they mean.
 */
export function canonicalHost (given: string): string {
  const host = given.toLowerCase().replace(/^\[(.*)\]$/, '$1')
  if (host.includes('%')) return host
  if (isIP(host) === 6) return ipv6(host)
  // The URL parser supports the forms of inet_aton(3): fewer than four numbers, hexadecimal and octal numbers.
  if (!/^[\da-fx.]+$/.test(host) || !URL.canParse(`http://${host}`)) return host
  const { hostname } = new URL(`http://${host}`)
  return isIP(hostname) === 4 ? hostname : host
}

/** Whether only this machine can reach a host in canonical form. */
export function isLoopback (host: string): boolean {
  return host === 'localhost' || host === '::1' || (host.startsWith('127.') && isIPv4(host))
}

/** The shortest form of an IPv6 address, or the IPv4 address in it. */
function ipv6 (address: string): string {
  const shortest = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [, high, low] = /^::ffff:([\da-f]+):([\da-f]+)$/.exec(shortest) ?? []
  if (high === undefined || low === undefined) return shortest
  return [high, low].map(group => parseInt(group, 16)).flatMap(group => [group >> 8, group & 0xFF]).join('.')
}

/** Why no client can connect to a host in canonical form; undefined if clients can. */
export function whyUnreachable (host: string): string | undefined {
  if (host === '0.0.0.0' || host === '::') return 'means all addresses: give a name or an address that clients connect to'
  if (host.includes(':') && isIP(host) === 0) return 'must be a DNS name or an IP address: give it without a port'
  return undefined
}
