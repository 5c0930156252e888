import { isIP, isIPv4 } from 'node:net'

/**
 * A host in the one form that azrun checks, listens on and certifies: names in lower case, `[::1]` without brackets,
 * and other spellings of an address that systems accept (`127.1`, `::ffff:127.0.0.1`) as that address.
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

/** Whether only this machine reaches a host, which is in canonical form. */
export function isLoopback (host: string): boolean {
  return host === 'localhost' || host === '::1' || (host.startsWith('127.') && isIPv4(host))
}

/** The shortest form of an address; an IPv4-mapped one as the IPv4 address. */
function ipv6 (address: string): string {
  const shortest = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [, high, low] = /^::ffff:([\da-f]+):([\da-f]+)$/.exec(shortest) ?? []
  if (high === undefined || low === undefined) return shortest
  return [high, low].map(group => parseInt(group, 16)).flatMap(group => [group >> 8, group & 0xFF]).join('.')
}

/** Why no client can connect to a host, which is in canonical form; undefined if one can. */
export function whyUnreachable (host: string): string | undefined {
  if (host === '0.0.0.0' || host === '::') return 'means all addresses: give a name or an address that clients connect to'
  if (host.includes(':') && isIP(host) === 0) return 'must be a DNS name or an IP address: give it without a port'
  return undefined
}
