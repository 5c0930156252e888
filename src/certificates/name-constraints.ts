import { BlockList, isIPv4 } from 'node:net'

/** The tags of DER (X.690) and of a GeneralName (RFC 5280, 4.2.1.6). */
const SEQUENCE = 0x30
const PERMITTED_SUBTREES = 0xA0
const DNS_NAME = 0x82
const IP_ADDRESS = 0x87

/** The id of the extension: 2.5.29.30, in DER as an OBJECT IDENTIFIER. */
export const NAME_CONSTRAINTS = '2.5.29.30'
const NAME_CONSTRAINTS_DER = Buffer.from('0603551d1e', 'hex')

/**
 * The value of the extension (RFC 5280, 4.2.1.10) that limits a CA to these names: hosts, with what is below them,
 * addresses, and subnets such as `127.0.0.0/8`.
 */
export function encodeNameConstraints (permitted: readonly string[]): Buffer {
  const subtrees = permitted.map(name => der(SEQUENCE, familyOf(name.replace(/\/\d+$/, '')) === undefined
    ? der(DNS_NAME, Buffer.from(name, 'latin1'))
    : der(IP_ADDRESS, subnetBytes(name))))
  return der(SEQUENCE, der(PERMITTED_SUBTREES, Buffer.concat(subtrees)))
}

/** The names that limit a certificate, in DER; undefined if none do, or `encodeNameConstraints` did not write them. */
export function readNameConstraints (certificate: Buffer): readonly string[] | undefined {
  const at = certificate.indexOf(NAME_CONSTRAINTS_DER)
  if (at === -1) return undefined
  // Critical: true (3 bytes), then an OCTET STRING around the value.
  const constraints = content(content(certificate.subarray(at + NAME_CONSTRAINTS_DER.length + 3)))
  if (constraints[0] !== PERMITTED_SUBTREES) return undefined
  return items(content(constraints)).map(subtree => nameOf(content(subtree)))
}

/** Whether a CA that is limited to these names may sign a certificate for this host. */
export function permits (permitted: readonly string[], host: string): boolean {
  const family = familyOf(host)
  if (family === undefined) return permitted.some(name => host === name || host.endsWith(`.${name}`))
  const subnets = new BlockList()
  for (const name of permitted) {
    const [address, bits] = name.split('/') as [string, string?]
    if (familyOf(address) !== undefined) subnets.addSubnet(address, Number(bits ?? widthOf(address)), familyOf(address))
  }
  return subnets.check(host, family)
}

/** The family of a valid address; undefined for a name. Colons suffice for IPv6: Node's own check takes 2 ms. */
function familyOf (name: string): 'ipv4' | 'ipv6' | undefined {
  return name.includes(':') ? 'ipv6' : isIPv4(name) ? 'ipv4' : undefined
}

function widthOf (address: string): number {
  return familyOf(address) === 'ipv6' ? 128 : 32
}

/** The first address of a subnet, and its mask. */
function subnetBytes (subnet: string): Buffer {
  const [address, bits] = subnet.split('/') as [string, string?]
  const bytes = addressBytes(address)
  const length = Number(bits ?? widthOf(address))
  const mask = bytes.map((_, index) => 0xFF & ~(0xFF >> Math.min(8, Math.max(0, length - index * 8))))
  return Buffer.from([...bytes.map((byte, index) => byte & mask[index]!), ...mask])
}

function addressBytes (address: string): number[] {
  if (familyOf(address) === 'ipv4') return address.split('.').map(Number)
  // A URL has the canonical form of the address, without an IPv4 address at the end.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const [before, after] = [head, tail ?? ''].map(part => part === '' ? [] : part.split(':')) as [string[], string[]]
  const groups = [...before, ...Array(8 - before.length - after.length).fill('0'), ...after]
  return groups.flatMap(group => [parseInt(group, 16) >> 8, parseInt(group, 16) & 0xFF])
}

/** The name of a GeneralName in the form of `permitted`. */
function nameOf (name: Buffer): string {
  const value = content(name)
  if (name[0] === DNS_NAME) return value.toString('latin1')
  const half = value.length / 2
  const bits = [...value.subarray(half)].reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0)
  const address = half === 4 ? value.subarray(0, half).join('.') : addressOf(value.subarray(0, half))
  return bits === widthOf(address) ? address : `${address}/${bits}`
}

function addressOf (bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16))
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}

/** Encodes an element of DER. */
function der (tag: number, value: Buffer): Buffer {
  const { length } = value
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xFF]
  return Buffer.concat([Buffer.from([tag, ...size]), value])
}

/** The bounds of the content of the first element. */
function boundsOf (bytes: Buffer): readonly [number, number] {
  const first = bytes[1] ?? 0
  const begin = first < 0x80 ? 2 : 2 + (first & 0x7F)
  const length = first < 0x80 ? first : bytes.readUIntBE(2, first & 0x7F)
  return [begin, begin + length]
}

function content (bytes: Buffer): Buffer {
  return bytes.subarray(...boundsOf(bytes))
}

/** The sequence of elements. */
function items (bytes: Buffer): Buffer[] {
  const found: Buffer[] = []
  for (let at = 0; at < bytes.length; at += found.at(-1)!.length) {
    const rest = bytes.subarray(at)
    found.push(rest.subarray(0, boundsOf(rest)[1]))
  }
  return found
}
